import { allOf } from '../kernel/all-of.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NumberReader, NumberReading } from '../numbers/reader.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Database } from '../stores/database.ts'
import type { EntryFilter, EntryPlace, LedgerRow } from '../stores/ledger-store.ts'
import type { LoginSummary, Person } from '../stores/login-store.ts'
import { isPhone } from './merging.ts'
import { formerIdsOf, subjectsOf } from './traces.ts'

/** Everything that is stored about one person, to be handed to them. Times are ISO 8601, UTC. */
export interface MemberExport {
  exportedAt: string
  member: { id: string; state: string; createdAt: string; changedAt: string }
  /** Members that became part of this one. */
  formerIds: string[]
  identities: { provider: string; scope: string; subject: string; since: string }[]
  /** The number now, in full; `null` when there is none or it cannot be opened. */
  number: string | null
  /** Every number there was, with the consent it came with. */
  numbers: {
    number: string | null
    component: string
    appid: string | null
    guideline: string | null
    boundAt: string
    verifiedAt: string
    unboundAt: string | null
  }[]
  sessions: {
    id: string
    appid: string
    way: string
    deviceName: string | null
    platform: string | null
    createdAt: string
    seenAt: string
    endedAt: string | null
  }[]
  /** Codes by SMS that were asked for one of the numbers, in the last days. */
  smsCodes: { appid: string; state: string; ip: string | null; askedAt: string; usedAt: string | null }[]
  /** Times at which the person agreed to show a number, and what became of the code, oldest first. */
  consents: {
    appid: string
    component: string
    state: string
    platform: string | null
    clientVersion: string | null
    at: string
  }[]
  /** Requests for a login, a number or an openid, as long as the journal keeps them, newest first. */
  requests: {
    id: string
    supportCode: string
    way: string
    appid: string | null
    outcome: string
    deviceId: string | null
    platform: string | null
    clientVersion: string | null
    at: string
  }[]
  events: { type: string; at: string; data: unknown }[]
}

export interface MemberExportParts {
  db: Database
  vault: PhoneVault
  numbers: NumberReader
  clock: Clock
}

const AT_ONCE = 500

const isoOf = (ms: number) => new Date(ms).toISOString()
const isoOrNull = (ms: number | null) => (ms === null ? null : isoOf(ms))

export function createMemberExport({ db, vault, numbers, clock }: MemberExportParts) {
  const entriesOf = async (filter: EntryFilter): Promise<LedgerRow[]> => {
    const found: LedgerRow[] = []
    let after: EntryPlace | undefined
    do {
      const page = await db.ledger.page(filter, { limit: AT_ONCE, after })
      found.push(...page)
      after = page.length < AT_ONCE ? undefined : page.at(-1)
    } while (after)
    return found
  }

  /** An entry may know the person by the openid alone: a login that failed, or a back end that keeps its own members. */
  const consentsOf = async ({ memberIds, openids }: Person): Promise<LedgerRow[]> => {
    const found = await allOf([
      ...memberIds.map((memberId) => entriesOf({ memberId })),
      ...openids.map((openid) => entriesOf({ openid })),
    ])
    const byId = new Map(found.flat().map((entry) => [entry.id, entry]))
    return [...byId.values()].sort((a, b) => a.seenAtMs - b.seenAtMs)
  }

  const requestsOf = async (person: Person): Promise<LoginSummary[]> => {
    const found: LoginSummary[] = []
    let before: LoginSummary | undefined
    do {
      const page = await db.logins.search({ person, before, limit: AT_ONCE })
      found.push(...page)
      before = page.length < AT_ONCE ? undefined : page.at(-1)
    } while (before)
    return found
  }

  return async (reading: NumberReading): Promise<MemberExport> => {
    const { memberId } = reading
    const member = await db.members.find(memberId)
    if (!member) throw new HaomaError('MEMBER_NOT_FOUND')
    const phone = await db.members.findPhone(memberId)
    const number = await numbers.read(phone ?? { subject: '', sealed: null }, reading)
    const [identities, bindings, sessions, events, formerIds] = await allOf([
      db.members.identitiesOf(memberId),
      db.phoneBindings.listOf(memberId),
      db.sessions.listOf(memberId),
      db.events.listOf(memberId),
      formerIdsOf(db, memberId),
    ])
    const subjects = subjectsOf(vault, [...identities.filter(isPhone), ...bindings])
    // Not by numbers and devices: those may have been somebody else's before, who is not to be shown.
    const person: Person = {
      memberIds: [memberId, ...formerIds],
      openids: identities
        .filter(({ provider }) => provider === 'wechat-openid')
        .map(({ subject }) => subject),
      deviceIds: [],
      maskedSubjects: [],
      phoneSubjects: [],
    }
    const [asked, consents, requests] = await allOf([
      subjects.length === 0 ? [] : db.sms.listOf(subjects),
      consentsOf(person),
      requestsOf(person),
    ])
    return {
      exportedAt: isoOf(clock.now()),
      member: {
        id: member.id,
        state: member.state,
        createdAt: isoOf(member.createdAtMs),
        changedAt: isoOf(member.changedAtMs),
      },
      formerIds,
      identities: identities
        .filter((identity) => !isPhone(identity))
        .map(({ provider, scope, subject, createdAtMs }) => ({
          provider,
          scope,
          subject,
          since: isoOf(createdAtMs),
        })),
      number,
      numbers: bindings.map((binding) => ({
        number: vault.read(binding),
        component: binding.verifiedBy,
        appid: binding.appid,
        guideline: binding.guideline,
        boundAt: isoOf(binding.boundAtMs),
        verifiedAt: isoOf(binding.verifiedAtMs),
        unboundAt: isoOrNull(binding.unboundAtMs),
      })),
      sessions: sessions.map((session) => ({
        id: session.id,
        appid: session.appid,
        way: session.way,
        deviceName: session.deviceName,
        platform: session.platform,
        createdAt: isoOf(session.createdAtMs),
        seenAt: isoOf(session.seenAtMs),
        endedAt: isoOrNull(session.endedAtMs),
      })),
      smsCodes: asked.map((request) => ({
        appid: request.appid,
        state: request.state,
        ip: request.ip,
        askedAt: isoOf(request.createdAtMs),
        usedAt: isoOrNull(request.usedAtMs),
      })),
      consents: consents.map(({ appid, component, state, platform, clientVersion, seenAtMs }) => ({
        appid,
        component,
        state,
        platform,
        clientVersion,
        at: isoOf(seenAtMs),
      })),
      requests: requests.map((request) => ({
        id: request.id,
        supportCode: request.supportCode,
        way: request.way,
        appid: request.appid,
        outcome: request.outcome,
        deviceId: request.deviceId,
        platform: request.platform,
        clientVersion: request.clientVersion,
        at: isoOf(request.atMs),
      })),
      events: events.map(({ type, createdAtMs, data }) => ({ type, at: isoOf(createdAtMs), data })),
    }
  }
}
