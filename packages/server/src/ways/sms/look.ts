import type { SmsRequestView, SmsSearchRequest, SmsSummaryResponse } from '@haoma/protocol/admin'
import { DAY_MS, dayName, dayStart } from '../../kernel/calendar.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PhoneVault } from '../../numbers/vault.ts'
import type { Database } from '../../stores/database.ts'
import { openSmsStates, type SmsOutcomeCount, type SmsRequest } from '../../stores/sms-store.ts'

/** A request's place in the list. */
export interface SmsPlace {
  atMs: number
  id: string
}

/** The way in by SMS as administrators see it: every number masked, no code. */
export interface SmsLook {
  /** What became of the messages of the last 7 days. */
  summary(): Promise<SmsSummaryResponse>
  /** Newest first. */
  search(
    query: Omit<SmsSearchRequest, 'cursor' | 'limit'>,
    page: { after: SmsPlace | undefined; limit: number },
  ): Promise<{ items: SmsRequestView[]; next: SmsPlace | undefined }>
}

export interface SmsLookParts {
  db: Pick<Database, 'sms'>
  vault: PhoneVault
  clock: Clock
  /** Who sends, and how much a day; undefined where nobody does. */
  sender: { provider: string; budgetADay: number } | undefined
}

/** Requests are removed a week after they ran out. */
const DAYS = 7

/** In which column of a day a message counts. One that nobody knows the end of may have arrived. */
const columnOf = {
  claimed: ['unknown'],
  unknown: ['unknown'],
  failed: ['failed'],
  sent: ['sent'],
  burnt: ['sent'],
  used: ['sent', 'used'],
} as const satisfies Record<SmsRequest['state'], readonly string[]>

export function createSmsLook({ db, vault, clock, sender }: SmsLookParts): SmsLook {
  return {
    summary: async () => {
      const todayMs = dayStart(clock.now())
      const fromMs = todayMs - (DAYS - 1) * DAY_MS
      const [outcomes, sentToday] = await Promise.all([
        db.sms.countOutcomes(fromMs),
        db.sms.sentOn(dayName(todayMs)),
      ])
      const days = Array.from({ length: DAYS }, (_, at) => ({
        day: dayName(fromMs + at * DAY_MS),
        sent: 0,
        used: 0,
        failed: 0,
        unknown: 0,
      }))
      for (const { state, daysLater, entries } of outcomes) {
        const day = days[daysLater]
        if (day) for (const column of columnOf[state]) day[column] += entries
      }
      return {
        provider: sender?.provider ?? null,
        budgetPerDay: sender?.budgetADay ?? null,
        sentToday,
        days,
        errors: errorsOf(outcomes),
      }
    },

    search: async ({ masked, e164, appid, state }, { after, limit }) => {
      const nowMs = clock.now()
      const filter = {
        appid,
        state,
        maskedSubjects: masked === undefined ? undefined : vault.maskedSubjectsOf(masked),
        subjects: e164 === undefined ? undefined : vault.subjectsOf(e164),
      }
      const before = after && { createdAtMs: after.atMs, id: after.id }
      const found = await db.sms.search(filter, { before, limit: limit + 1, nowMs })
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      return {
        items: page.map((request) => viewOf(request, vault, nowMs)),
        next: last && { atMs: last.createdAtMs, id: last.id },
      }
    },
  }
}

function viewOf(request: SmsRequest, vault: PhoneVault, nowMs: number): SmsRequestView {
  const { id, appid, state, tries, provider, providerRef, providerError } = request
  const iso = (ms: number) => new Date(ms).toISOString()
  const isExpired = openSmsStates.includes(state) && request.expiresAtMs <= nowMs
  return {
    id,
    appid,
    masked: vault.readMasked(request),
    state: isExpired ? 'expired' : state,
    tries,
    provider,
    providerRef,
    providerError,
    createdAt: iso(request.createdAtMs),
    sentAt: request.sentAtMs === null ? null : iso(request.sentAtMs),
    expiresAt: iso(request.expiresAtMs),
    usedAt: request.usedAtMs === null ? null : iso(request.usedAtMs),
  }
}

/** What providers said when they did not send, the most frequent first. */
function errorsOf(outcomes: readonly SmsOutcomeCount[]): SmsSummaryResponse['errors'] {
  const counts = new Map<string, number>()
  for (const { providerError, entries } of outcomes) {
    if (providerError !== null) counts.set(providerError, (counts.get(providerError) ?? 0) + entries)
  }
  return [...counts].map(([error, entries]) => ({ error, entries })).sort((a, b) => b.entries - a.entries)
}
