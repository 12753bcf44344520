import { createHash } from 'node:crypto'
import type { KeyRing } from '../../src/crypto/key-ring.ts'
import { createCodeKey } from '../../src/exchange/code-key.ts'
import { createMoney } from './money.ts'
import { carrierFailing, endingOf, others } from './outcomes.ts'
import { createPeople } from './people.ts'
import { createRequests, VERSIONS } from './requests.ts'
import type { Sink } from './sink.ts'
import { createTotals } from './sums.ts'
import { createWorld, dayStartOf, HOUR_MS, type WorldOptions } from './world.ts'

export interface FillOptions extends WorldOptions {
  /** Consents, which is entries of the ledger. Requests come to about half as many again. */
  entries: number
  keyRing: KeyRing
  sink: Sink
  onProgress?: (done: number) => void
}

export interface Filled {
  entries: number
  logins: number
  members: number
}

const CLIENT_ID = 'cl_traffic'
const COMPONENTS = [
  ['quick', 86],
  ['realtime', 14],
] as const

/** The code that consent number `i` of a seed had, so that a test can look for its hash. */
export const codeOf = (seed: number, i: number) => createHash('sha256').update(`${seed} ${i}`).digest('hex')

/** Fills an empty database with the traffic of some weeks, the same for the same seed. */
export async function fill(options: FillOptions): Promise<Filled> {
  const { sink, entries, seed, untilMs, keyRing } = options
  const world = createWorld(options)
  const { random, appids, fromMs } = world
  const people = createPeople({
    random,
    keyRing,
    sink,
    most: Math.ceil(Math.min(entries * 0.3, 400_000)) + 3,
  })
  const requests = createRequests({ random, sink })
  const money = createMoney({ random, sink, fromMs })
  const ledgerSums = createTotals(sink, 'ledger_sums')
  const telemetry = createTotals(sink, 'telemetry_sums')
  const keyOf = createCodeKey(keyRing)
  let done = 0

  const consent = (appid: string, atMs: number) => {
    const { person, isNew } = people.come(appid, atMs)
    const component = random.weighted(COMPONENTS)
    const ending = endingOf(world, appid, atMs)
    const way =
      appid === appids[1] && random.chance(0.4) ? 'exchange' : random.chance(0.78) ? 'login' : 'phone'
    const surface = way === 'exchange' ? 'exchange' : ending.outcome === null ? 'telemetry' : 'login'
    const phoneCodeKey = keyOf('phone', appid, codeOf(seed, done))
    const clientId = way === 'exchange' ? CLIENT_ID : null
    const common = { way, appid, person, phoneCodeKey, component, clientId, isNew } as const
    const wechatMs = random.durationMs(ending.wechatMs * (way === 'login' ? 1.8 : 1))
    if (ending.before)
      requests.tell({
        ...common,
        ...ending.before,
        atMs: Math.max(atMs - 2500, atMs - (atMs % HOUR_MS)),
        wechatMs,
      })
    const asked =
      ending.outcome === null
        ? { id: null, rid: null }
        : requests.tell({ ...common, outcome: ending.outcome, errcode: ending.errcode, atMs, wechatMs })
    if (ending.state === 'used') people.bind(person, { appid, atMs, component })
    const charge = ending.isBilled
      ? money.charge(appid, component, atMs)
      : { listLi: component === 'quick' ? 30 : 40, chargeLi: 0, chargedTo: 'none' }
    const settledAtMs = atMs + (ending.state === 'expired' ? 360_000 : 200)
    const { state, cause } = ending
    sink.add('ledger', {
      id: random.id(settledAtMs),
      code_key: phoneCodeKey,
      appid,
      surface,
      client_id: clientId,
      component,
      state,
      reason: ending.outcome === 'ok' ? null : ending.outcome,
      cause,
      source: ending.outcome === null ? 'telemetry' : 'intent',
      is_billed: ending.isBilled ? 1 : 0,
      list_li: charge.listLi,
      charge_li: charge.chargeLi,
      charged_to: charge.chargedTo,
      build: 'release',
      client_version: random.pick(VERSIONS),
      platform: person.platform,
      openid: person.openid,
      member_id: ending.outcome === 'ok' && way !== 'exchange' ? person.memberId : null,
      masked_subject: state === 'used' ? person.maskedSubject : null,
      errcode: ending.errcode,
      rid: asked.rid,
      request_id: asked.id,
      attempts: ending.before ? 2 : ending.outcome === null ? 0 : 1,
      wechat_ms: ending.outcome === null ? null : wechatMs,
      consented_at_ms: atMs - 900,
      seen_at_ms: atMs,
      settled_at_ms: settledAtMs,
      booked_at_ms: settledAtMs + 1000,
    })
    const counts = {
      entries: 1,
      billed_entries: ending.isBilled ? 1 : 0,
      list_li: charge.listLi,
      charge_li: charge.chargeLi,
    }
    for (const [period, start_ms] of [
      ['hour', atMs - (atMs % HOUR_MS)],
      ['day', dayStartOf(atMs)],
    ] as const) {
      ledgerSums.add({ period, start_ms, appid, component, surface, state, cause }, counts)
    }
    tellButton(appid, component, atMs, ending)
    done += 1
  }

  /** What the buttons told: some look, fewer tap, some of them refuse. */
  const tellButton = (
    appid: string,
    component: string,
    atMs: number,
    { outcome, state }: { outcome: string | null; state: string },
  ) => {
    const start_ms = atMs - (atMs % HOUR_MS)
    const client_version = random.pick(VERSIONS)
    const count = (event: string, entries = 1, duration_ms = 0) =>
      telemetry.add({ start_ms, appid, component, event, client_version }, { entries, duration_ms })
    count('shown', 3 + random.below(4))
    count('tapped', 1 + random.below(2))
    count('consented', 1, random.durationMs(2200))
    if (random.chance(0.35)) count('ended:denied', 1, random.durationMs(1500))
    if (world.isDuring('quota-gone', appid, atMs)) count('ended:quota', 2)
    if (outcome !== null) count('sent')
    if (state === 'used') count('bound')
  }

  const other = (appid: string, atMs: number, { way, endings }: (typeof others)[number]) => {
    const isCarrierFailing = way === 'sms-send' && world.isDuring('carrier-failing', appid, atMs)
    const [outcome, errcode] = random.weighted(isCarrierFailing ? carrierFailing : endings)
    const asksWeChat =
      (way === 'login' || way === 'openid') && !['RATE_LIMITED', 'BAD_REQUEST'].includes(outcome)
    requests.tell({
      way,
      appid,
      atMs,
      outcome,
      errcode,
      person: people.come(appid, atMs).person,
      phoneCodeKey: null,
      component: null,
      clientId: way === 'openid' ? CLIENT_ID : null,
      wechatMs: asksWeChat ? random.durationMs(80) : null,
    })
  }

  let owed = 0
  let nextReadingMs = fromMs
  for (const hourMs of world.hours) {
    const lastMs = Math.min(hourMs + HOUR_MS, untilMs)
    const times: { appid: string; atMs: number }[] = []
    for (const appid of appids) {
      owed += world.shareOf(appid, hourMs) * entries
      while (owed >= 1 && done + times.length < entries) {
        times.push({ appid, atMs: Math.floor(hourMs + random.next() * (lastMs - hourMs)) })
        owed -= 1
      }
    }
    // Rounding leaves the last few to the last hour.
    while (hourMs === world.hours.at(-1) && done + times.length < entries) {
      times.push({ appid: appids[0] ?? '', atMs: lastMs - 1000 })
    }
    times.sort((a, b) => a.atMs - b.atMs)
    for (const { appid, atMs } of times) {
      consent(appid, atMs)
      for (const kind of others) {
        if (random.chance(kind.perHundred / 100))
          other(appid, Math.min(atMs + random.below(60_000), lastMs - 1), kind)
      }
    }
    if (hourMs >= nextReadingMs) {
      for (const appid of appids) for (const [component] of COMPONENTS) money.read(appid, component, lastMs)
      nextReadingMs = hourMs + HOUR_MS
    }
    telemetry.end()
    await sink.flush()
    options.onProgress?.(done)
  }
  requests.end()
  ledgerSums.end()
  money.end()
  return { entries: done, logins: requests.count, members: people.members }
}
