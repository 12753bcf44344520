import type { Simulator } from '@haoma/simulator'
import type { Diary, Tap } from './clients.ts'
import type { ChaosDatabase } from './databases.ts'
import type { Service } from './services.ts'

/** Numbers of one run, for people. */
export interface Figures {
  people: number
  signedIn: number
  consents: number
  used: number
  lost: number
  /** Codes that WeChat had spent on a request which a killed process left unanswered: so many may be lost. */
  spentUnderKill: number
  /** Answers that sent a client away because the service could not do its work. */
  unavailable: number
  /** Codes that WeChat spent without its answer arriving. */
  droppedByWeChat: number
}

export interface Account {
  figures: Figures
  /** Every rule that does not hold, with whom it is about. Empty is what is hoped for. */
  findings: string[]
}

interface CodeRow {
  key: string
  state: string
  client_version: string | null
  member_id: string | null
  settled_at_ms: number | string | null
}

interface LedgerRow {
  code_key: string
  state: string
  is_billed: number
  list_li: number
  member_id: string | null
}

const PHONE_PATH = '/wxa/business/getuserphonenumber'
const LOG_PAGE = 10_000
const UNAVAILABLE = /^(SERVICE_UNAVAILABLE|STORE_UNAVAILABLE|SHUTTING_DOWN|no answer)$/
/** So many sessions are refreshed, the newest: more from one address meet the limits of the service. */
const REFRESHED = 60

/**
 * Compares what three parties wrote down who do not know of each other: WeChat (its bill and its log), the service (its
 * tables) and the clients (their diaries).
 */
export async function settleAccounts(parts: {
  simulator: Simulator
  appid: string
  database: ChaosDatabase
  diaries: readonly Diary[]
  /** One that serves. */
  service: Service
}): Promise<Account> {
  const { simulator, appid, database, diaries, service } = parts
  const findings: string[] = []
  const require = (holds: boolean, finding: string) => void (holds || findings.push(finding))

  const codes = await database.read<CodeRow>(
    "select key, state, client_version, member_id, settled_at_ms from codes where kind = 'phone'",
  )
  const ledger = await database.read<LedgerRow>(
    "select code_key, state, is_billed, list_li, member_id from ledger where source = 'intent'",
  )
  const members = await database.read<{ id: string; state: string }>('select id, state from members')
  const identities = await database.read<{ provider: string; member_id: string }>(
    'select provider, member_id from identities',
  )
  const spent = await readSpent(simulator)
  const codesOf = groupBy(codes, (code) => code.client_version ?? '')
  const entriesOf = groupBy(ledger, (entry) => entry.code_key)
  const lostTaps: Tap[] = []

  for (const { user, taps, story, acknowledged, end } of diaries) {
    const tale = `${user} (${story.join(', ')})`
    require(end === 'signed in', `${tale} ${end}`)
    for (const tap of taps) {
      const rows = codesOf.get(tap.name) ?? []
      require(rows.length === 1, `${tale}: tap ${tap.name} has ${rows.length} rows in codes`)
      const [row] = rows
      if (!row) continue
      const entries = entriesOf.get(row.key) ?? []
      require(row.settled_at_ms !== null, `${tale}: tap ${tap.name} was left ${row.state}`)
      require(entries.length === 1, `${tale}: tap ${tap.name} has ${entries.length} entries in the ledger`)
      require(entries[0]?.state ===
        row.state, `${tale}: ${row.state} in codes, ${entries[0]?.state} in the ledger`)
      require(['used', 'lost'].includes(row.state), `${tale}: tap ${tap.name} ended ${row.state}`)
      const calls = spent.get(tap.phoneCode) ?? []
      require(calls.length === 1, `${tale}: WeChat spent the code of ${tap.name} ${calls.length} times`)
      if (row.state !== 'lost') continue
      lostTaps.push(tap)
      const wasDropped = calls.some(({ wasDropped }) => wasDropped)
      require(tap.wasInFlightAtKill ||
        wasDropped, `${tale}: the code of ${tap.name} was lost, and nothing had happened to it`)
    }
    for (const { memberId } of acknowledged) {
      const used = taps.flatMap((tap) => codesOf.get(tap.name) ?? []).filter(({ state }) => state === 'used')
      require(members.some(
        ({ id, state }) => id === memberId && state === 'active',
      ), `${tale}: ${memberId} is no member`)
      require(used.length === 1 && used[0]?.member_id === memberId, `${tale}: no used code of ${memberId}`)
    }
  }
  const memberIds = new Set(
    diaries.flatMap(({ acknowledged }) => acknowledged.map(({ memberId }) => memberId)),
  )
  const taps = diaries.flatMap((diary) => diary.taps)
  const signedIn = diaries.filter(({ end }) => end === 'signed in').length
  require(memberIds.size === signedIn, `${signedIn} people were told of ${memberIds.size} members`)
  require(members.length === diaries.length, `${diaries.length} people have ${members.length} members`)
  for (const [memberId, own] of groupBy(identities, (identity) => identity.member_id)) {
    const providers = own.map(({ provider }) => provider)
    require(providers.length === new Set(providers).size &&
      providers.includes('phone'), `${memberId} has the identities ${providers.join(', ')}`)
  }

  const bill = simulator.control.bill(appid).components.quick
  const billed = ledger.filter(({ is_billed }) => Number(is_billed) === 1)
  const billedLi = billed.reduce((sum, { list_li }) => sum + Number(list_li), 0)
  require(bill.consents === taps.length, `WeChat counts ${bill.consents} consents of ${taps.length} taps`)
  require(billed.length === bill.consents, `WeChat bills ${bill.consents}, the ledger has ${billed.length}`)
  require(billedLi === bill.li, `WeChat asks for ${bill.li} li, the ledger says ${billedLi}`)

  findings.push(...(await brokenSessions(diaries, service)))
  const isDropped = ({ phoneCode }: Tap) => (spent.get(phoneCode) ?? []).some(({ wasDropped }) => wasDropped)
  return {
    findings,
    figures: {
      people: diaries.length,
      signedIn,
      consents: bill.consents,
      used: codes.filter(({ state }) => state === 'used').length,
      lost: lostTaps.length,
      spentUnderKill: taps.filter((tap) => tap.wasInFlightAtKill && spent.has(tap.phoneCode)).length,
      unavailable: diaries.flatMap(({ story }) => story).filter((word) => UNAVAILABLE.test(word)).length,
      droppedByWeChat: taps.filter(isDropped).length,
    },
  }
}

/** By WeChat's own log: the calls that spent a phone code, and whether the answer was kept from its asker. */
async function readSpent(simulator: Simulator): Promise<Map<string, { wasDropped: boolean }[]>> {
  const spent = new Map<string, { wasDropped: boolean }[]>()
  for (let since = 0; ; ) {
    const page = await fetch(`${simulator.url}/_control/log?since=${since}&limit=${LOG_PAGE}`)
    const { entries } = (await page.json()) as { entries: LogEntry[] }
    for (const { path, requestBody, responseBody, faults = [] } of entries) {
      if (path !== PHONE_PATH || !responseBody.includes('phone_info')) continue
      const { code } = JSON.parse(requestBody) as { code: string }
      const wasDropped = faults.some((kind) =>
        ['drop-after', 'half-body', 'garbage', 'errcode'].includes(kind),
      )
      spent.set(code, [...(spent.get(code) ?? []), { wasDropped }])
    }
    const last = entries.at(-1)
    if (!last || entries.length < LOG_PAGE) return spent
    since = last.seq
  }
}

interface LogEntry {
  seq: number
  path: string
  requestBody: string
  responseBody: string
  faults?: string[]
}

/** A login that was acknowledged is a session that lives. */
async function brokenSessions(diaries: readonly Diary[], service: Service): Promise<string[]> {
  const broken: string[] = []
  for (const { user, acknowledged } of diaries.slice(-REFRESHED)) {
    const last = acknowledged.at(-1)
    if (!last) continue
    const response = await fetch(`${service.url}/v1/session/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: last.refreshToken }),
    })
    const text = await response.text()
    if (!response.ok) broken.push(`${user}: the session is gone: ${response.status} ${text.slice(0, 200)}`)
  }
  return broken
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
