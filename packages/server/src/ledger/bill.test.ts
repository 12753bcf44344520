import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CostSumsResponse, Reconciliation } from '@haoma/protocol/admin'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { signedInAs } from '../../test/support/admin-client.ts'
import { apps, paths } from '../../test/support/simulated-wechat.ts'
import { type TravelingService, travelingService } from '../../test/support/traveling-service.ts'
import { createRandom } from '../../test/traffic/random.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { dayName, HOUR_MS } from '../kernel/calendar.ts'
import type { Database } from '../stores/database.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'

// WeChat's bill and the ledger are kept by two programs that know nothing of each other: here they are compared after
// days of everything that happens to a code.

/** `HAOMA_BILL_TAPS=200` makes longer days. */
const TAPS_AN_HOUR = Number(process.env.HAOMA_BILL_TAPS ?? 6)
const SEED = Number(process.env.HAOMA_BILL_SEED ?? 20_261_126)
const TRIAL = 20
const LI = { quick: 30, realtime: 40 }
const { appid } = apps.single

type Component = keyof typeof LI
const components = Object.keys(LI) as Component[]

let folder: string
let simulator: Simulator
let service: TravelingService
let db: Database
let serving: Parameters<typeof signedInAs>[0]
const random = createRandom(SEED)
/** Consents of which nobody ever told: neither the button nor the code itself. */
const dropped = { quick: 0, realtime: 0 }
/** Codes that people bring an hour later. */
const late: Code[] = []

interface Code {
  user: string
  component: Component
  phoneCode: string
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haoma-bill-'))
  simulator = await createSimulator({ log: 100_000 })
  const trial = { quick: TRIAL, realtime: TRIAL }
  simulator.control.putApp({ appid, trial })
  for (const component of components) simulator.control.addPack({ appid, component, size: 1_000_000 })
  const masterKey = randomBytes(32)
  const databaseUrl = `sqlite:${join(folder, 'haoma.db')}`
  service = await travelingService({
    databaseUrl,
    masterKey: masterKey.toString('base64'),
    wechatUrl: simulator.url,
    apps: [apps.single],
  })
  await service.start()
  db = await openSqliteDatabase(join(folder, 'haoma.db'))
  serving = { db, keyRing: createKeyRing([masterKey]), clock: { now: service.now } }
  for (const component of components) {
    await admin('POST', '/cost/packs', { appid, component, kind: 'trial', entries: TRIAL, priceLi: 0 })
  }
  // Both books begin here.
  await service.housekeep()
})
afterAll(async () => {
  await service?.kill()
  await db?.close()
  await simulator?.close()
  await rm(folder, { recursive: true, force: true })
})

// biome-ignore lint/suspicious/noExplicitAny: read as a client in JavaScript does
async function ask(method: string, path: string, body?: object, more = {}): Promise<any> {
  const response = await fetch(`${service.url()}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...more },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, ...(text && JSON.parse(text)) }
}
/** Each call by a session of its own: days pass between them. */
const admin = async (method: string, path: string, body?: object) =>
  ask(method, `/admin/v1${path}`, body, (await signedInAs(serving, 'owner')).headers)

function consent(user: string, component: Component): Code {
  const detail = simulator.device.phone({ appid, user, component, answer: 'allow' })
  if (!('code' in detail) || !detail.code) throw new Error(`no code: ${JSON.stringify(detail)}`)
  return { user, component, phoneCode: detail.code }
}

/** What the button tells of a consent. */
async function tell({ component, phoneCode }: Code): Promise<void> {
  const codeHash = createHash('sha256').update(phoneCode).digest('hex')
  const events = [{ event: 'consented', component, agoMs: 0, codeHash }]
  expect((await ask('POST', '/v1/events', { appid, batchId: randomUUID(), events })).accepted).toBe(1)
}

/** Signs in as a client does that is told to try again, or to try a new login code. */
async function send({ user, component, phoneCode }: Code): Promise<string> {
  let loginCode = simulator.device.login({ appid, user }).code
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const body = { appid, loginCode, phoneCode, component, client: { deviceId: user } }
    const answer = await ask('POST', '/v1/login', body).catch(() => ({ action: 'retry' }))
    if (answer.status === 200) return 'ok'
    if (answer.action === 'login-again') loginCode = simulator.device.login({ appid, user }).code
    else if (answer.action !== 'retry') return answer.code
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return 'gave up'
}

const oneFault = (fault: Parameters<Simulator['control']['addFault']>[0]) =>
  simulator.control.addFault({ path: paths.phone, count: 1, ...fault })

/** What becomes of a tap, by how often. */
const tales: Record<string, { weight: number; play(user: string, component: Component): Promise<void> }> = {
  'signs in': {
    weight: 8,
    play: async (user, component) => {
      const code = consent(user, component)
      await tell(code)
      expect(await send(code)).toBe('ok')
    },
  },
  'signs in with a button that tells nothing': {
    weight: 3,
    play: async (user, component) => expect(await send(consent(user, component))).toBe('ok'),
  },
  refuses: {
    weight: 2,
    play: async (user, component) => {
      simulator.device.phone({ appid, user, component, answer: 'deny' })
      const events = [{ event: 'ended', ending: 'denied', component, agoMs: 0 }]
      await ask('POST', '/v1/events', { appid, batchId: randomUUID(), events })
    },
  },
  'taps twice': {
    weight: 1,
    play: async (user, component) => {
      const codes = [consent(user, component), consent(user, component)]
      for (const code of codes) expect(await send(code)).toBe('ok')
    },
  },
  'comes an hour late': {
    weight: 1,
    play: async (user, component) => {
      const code = consent(user, component)
      await tell(code)
      late.push(code)
    },
  },
  'comes an hour late, untold': {
    weight: 1,
    play: async (user, component) => void late.push(consent(user, component)),
  },
  'leaves before the code is sent': {
    weight: 1,
    play: async (user, component) => tell(consent(user, component)),
  },
  'loses the answer of WeChat': {
    weight: 1,
    play: async (user, component) => {
      oneFault({ kind: 'drop-after' })
      expect(await send(consent(user, component))).toBe('PHONE_CODE_LOST')
    },
  },
  'meets a WeChat that cannot be reached, and then is busy': {
    weight: 1,
    play: async (user, component) => {
      oneFault({ kind: 'drop-before' })
      oneFault({ kind: 'errcode', errcode: -1 })
      await send(consent(user, component))
    },
  },
  'meets an answer that is no answer': {
    weight: 2,
    play: async (user, component) => {
      oneFault({ kind: 'garbage', status: 200, spend: true })
      expect(await send(consent(user, component))).toBe('PHONE_CODE_LOST')
    },
  },
}
const byWeight = Object.values(tales).map((tale) => [tale, tale.weight] as const)

/** Nobody hears of it: the button's events are lost, and the code is never sent. */
function vanish(user: string, component: Component): void {
  consent(user, component)
  dropped[component] += 1
}

let people = 0
const newcomer = () => `person ${people++}`

async function crash(): Promise<void> {
  const codes = [consent(newcomer(), 'quick'), consent(newcomer(), 'realtime'), consent(newcomer(), 'quick')]
  const fault = simulator.control.addFault({ kind: 'latency', path: paths.phone, latencyMs: 400 })
  const sent = codes.map(send)
  // Two may be spent at WeChat by now, none is answered.
  await new Promise((resolve) => setTimeout(resolve, 200))
  await service.kill()
  simulator.control.removeFault(fault.id)
  await service.start()
  // The lease of the dead is over.
  await advance(60_000)
  await Promise.all(sent)
}

async function day({ dropsTelemetry }: { dropsTelemetry: boolean }): Promise<void> {
  for (let hour = 0; hour < 24; hour += 1) {
    for (let tap = 0; tap < TAPS_AN_HOUR; tap += 1) {
      await random.weighted(byWeight).play(newcomer(), random.chance(0.7) ? 'quick' : 'realtime')
    }
    if (dropsTelemetry && hour % 3 === 1) vanish(newcomer(), random.pick(components))
    if (hour === 9) await crash()
    await advance(HOUR_MS)
    for (const code of late.splice(0)) expect(await send(code)).toBe('PHONE_CODE_INVALID')
  }
}

async function advance(ms: number): Promise<void> {
  simulator.clock.advance(ms)
  await service.advance(ms)
  await service.housekeep()
}

/** Waits until every code has its end, the books were compared, and what WeChat's count proved is booked. */
async function settle(): Promise<void> {
  for (let hour = 0; hour < 3; hour += 1) {
    await advance(HOUR_MS)
    await admin('POST', '/cost/reconciliation', {})
  }
}

/** What each party counts of a component, and the last comparison of both. */
async function books(component: Component) {
  const to = dayName(service.now())
  const query = `from=${dayName(service.now() - 10 * 24 * HOUR_MS)}&to=${to}&component=${component}`
  const { sums, totals } = (await admin('GET', `/cost/sums?${query}`)) as CostSumsResponse
  const { latest } = (await admin('GET', '/cost/reconciliation')) as { latest: Reconciliation[] }
  const reading = latest.find((one) => one.appid === appid && one.component === component)
  const { consents, li } = simulator.control.bill(appid).components[component]
  const causes = Object.fromEntries((reading?.explained ?? []).map((part) => [part.cause, part.entries]))
  return {
    wechat: { consents, li },
    ours: { listLi: totals.listLi, li: totals.chargeLi },
    difference: reading?.difference,
    causes,
    kinds: sums.map(({ state, cause }) => cause ?? state),
  }
}

it('agrees with WeChat’s bill to the li over a day of all that happens to a code', async () => {
  await day({ dropsTelemetry: false })
  await settle()
  for (const component of components) {
    const { wechat, ours, difference, causes } = await books(component)
    expect(wechat.li).toBeGreaterThan(0)
    expect(ours).toEqual({ listLi: wechat.consents * LI[component], li: wechat.li })
    expect({ difference, causes }).toEqual({ difference: 0, causes: {} })
  }
  const kinds = await Promise.all(components.map(async (component) => (await books(component)).kinds))
  expect(kinds.flat()).toEqual(
    expect.arrayContaining(['used', 'double-tap', 'expired', 'lost', 'never-sent']),
  )
}, 120_000)

it('is off by the consents of which nobody told, and names them', async () => {
  await day({ dropsTelemetry: true })
  await settle()
  expect(dropped.quick + dropped.realtime).toBe(8)
  for (const component of components) {
    const { wechat, ours, difference, causes } = await books(component)
    const missing = dropped[component]
    expect(ours.li).toBe(wechat.li - missing * LI[component])
    expect({ difference, causes }).toEqual({ difference: missing, causes: { 'telemetry-missing': missing } })
  }
}, 120_000)
