import type { ErrorCode, PhoneComponent } from '@haoma/protocol'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { LedgerWriter } from '../ledger/entries.ts'
import type { Database, Stores } from '../stores/database.ts'
import { StoreUnavailableError } from '../stores/errors.ts'
import type { ClaimRequest, CodeKind, CodeRecord, Settlement } from '../stores/exchange-store.ts'
import { createVerdictKeeper, type Verdict } from './verdicts.ts'
import { type CallFailure, readCallFailure } from './wechat-errors.ts'

/** One use of a single-use code: how WeChat is asked, and what its answer is turned into. */
export interface CodeUse<Answer, Done> {
  kind: CodeKind
  appid: string
  code: string
  /** Whom the code must belong to, or `null` when only WeChat can tell. */
  openid: string | null
  component: PhoneComponent | null
  ask(): Promise<Answer>
  /** Turns the answer into what is stored, inside the transaction that ends the code. May run again. */
  settle(stores: Stores, answer: Answer): Promise<{ settlement: Omit<Settlement, 'nowMs'>; done: Done }>
  /** The result for a caller who comes after the code was used, from what was stored then. */
  replay(code: CodeRecord): Promise<Done>
}

export interface CodePolicy {
  /** How long a code is remembered as alive: WeChat's life of a code plus a margin. */
  lifeMs: number
  /** Longer than any call to WeChat takes, so that a lease runs out only when its holder is gone. */
  leaseMs: number
  /** How long a request waits for another process that holds the code. */
  waitMs: number
  pollMs: number
}

export interface SpendCodeParts {
  db: Database
  clock: Clock
  newId: NewId
  hashCode: (...parts: string[]) => string
  ledger: LedgerWriter
  policy: CodePolicy
  sleep: (ms: number) => Promise<void>
}

export type SpendCode = <Answer, Done>(use: CodeUse<Answer, Done>) => Promise<Done>

/** What a code that is of no more use is answered with, when no particular reason was written down. */
const deadCode = {
  login: { invalid: 'LOGIN_CODE_INVALID', lost: 'LOGIN_CODE_INVALID' },
  phone: { invalid: 'PHONE_CODE_INVALID', lost: 'PHONE_CODE_LOST' },
} as const satisfies Record<CodeKind, Record<'invalid' | 'lost', ErrorCode>>

/**
 * Makes the one function through which every single-use code of WeChat's goes. It gives each code one result,
 * however often and wherever it is sent:
 *
 * - the code is written down and leased before WeChat is asked, so a database that is down costs no code;
 * - requests with one code in one process share one attempt, those of other processes wait for it;
 * - WeChat's answer, all that follows from it and the end of the code are one transaction;
 * - an answer that could not be stored is kept in memory, and the next request stores it;
 * - a holder that died leaves a lease that runs out; the next request asks again, and when the code turns out
 *   to be spent it is `lost`, not `refused`.
 */
export function createSpendCode(parts: SpendCodeParts): SpendCode {
  const { db, clock, policy } = parts
  const leaseOwner = parts.newId(clock.now())
  const flights = new Map<string, Promise<unknown>>()
  const verdicts = createVerdictKeeper<CallFailure>({ clock, lifeMs: policy.lifeMs })

  return async <Answer, Done>(use: CodeUse<Answer, Done>): Promise<Done> => {
    const key = parts.hashCode(use.kind, use.appid, use.code)
    const flightName = `${key} ${use.openid}`
    const flight = flights.get(flightName)
    if (flight !== undefined) {
      await flight
      return spend(key, use)
    }
    const started = spend(key, use)
    flights.set(flightName, started)
    try {
      return await started
    } finally {
      flights.delete(flightName)
    }
  }

  async function spend<Answer, Done>(key: string, use: CodeUse<Answer, Done>): Promise<Done> {
    for (let waitedMs = 0; ; waitedMs += policy.pollMs) {
      const claim = await db.exchanges.claim(claimRequest(key, use))
      if (claim.outcome === 'foreign') throw new HaomaError(deadCode[use.kind].invalid)
      if (claim.outcome === 'settled') return replay(claim.code, use)
      if (claim.outcome === 'claimed') {
        const result = await attempt(claim.code, use)
        if (result) return result.done
      } else if (waitedMs >= policy.waitMs) {
        throw new HaomaError('CODE_IN_PROGRESS', { retryAfterS: 1 })
      } else {
        await parts.sleep(policy.pollMs)
      }
    }
  }

  function claimRequest<Answer, Done>(key: string, use: CodeUse<Answer, Done>): ClaimRequest {
    const nowMs = clock.now()
    return {
      key,
      kind: use.kind,
      appid: use.appid,
      surface: 'login',
      owner: 'login:',
      openid: use.openid,
      component: use.component,
      leaseOwner,
      leaseUntilMs: nowMs + policy.leaseMs,
      nowMs,
      expiresAtMs: nowMs + policy.lifeMs,
    }
  }

  /** Asks WeChat and settles. `undefined` when somebody else settled the code meanwhile. */
  async function attempt<Answer, Done>(
    code: CodeRecord,
    use: CodeUse<Answer, Done>,
  ): Promise<{ done: Done } | undefined> {
    const verdict = await judge(code.key, use)
    if (verdict.outcome === 'failed' && verdict.failure.fate !== 'refused') {
      const state = verdict.failure.fate === 'unknown' ? 'unknown' : 'open'
      await releaseQuietly(code.key, { owner: leaseOwner, state })
      throw verdict.failure.error
    }
    verdicts.keep(code.key, verdict)
    const result = await db
      .transaction(async (stores) => {
        const { settlement, done } =
          verdict.outcome === 'failed'
            ? { settlement: refusal(verdict.failure, code), done: undefined }
            : await use.settle(stores, verdict.answer)
        const settled = await stores.exchanges.settle(code.key, { ...settlement, nowMs: clock.now() })
        if (!settled) throw new SettledElsewhere()
        if (settled.kind === 'phone') await parts.ledger.add(stores, settled)
        return { settled, done }
      })
      .catch(ignoreSettledElsewhere)
    verdicts.forget(code.key)
    if (!result) return undefined
    if (verdict.outcome === 'failed') {
      throw result.settled.state === 'lost' ? deadCodeError(result.settled) : verdict.failure.error
    }
    if (result.settled.state !== 'used') throw deadCodeError(result.settled)
    return { done: result.done as Done }
  }

  async function judge<Answer, Done>(
    key: string,
    use: CodeUse<Answer, Done>,
  ): Promise<Verdict<Answer, CallFailure>> {
    const kept = verdicts.find<Answer>(key)
    if (kept) return kept
    try {
      return { outcome: 'answered', answer: await use.ask() }
    } catch (thrown) {
      return { outcome: 'failed', failure: readCallFailure(thrown, use.kind) }
    }
  }

  /** When the database is down now, the lease runs out by itself and the code counts as `unknown`. */
  async function releaseQuietly(
    key: string,
    lease: { owner: string; state: 'open' | 'unknown' },
  ): Promise<void> {
    try {
      await db.exchanges.release(key, lease)
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error
    }
  }

  async function replay<Answer, Done>(code: CodeRecord, use: CodeUse<Answer, Done>): Promise<Done> {
    if (code.state === 'used' && clock.now() < code.expiresAtMs) return use.replay(code)
    throw deadCodeError(code)
  }
}

/** A code that WeChat refuses after an attempt of unknown outcome was spent by that attempt. */
function refusal({ error }: CallFailure, code: CodeRecord): Omit<Settlement, 'nowMs'> {
  const isLost = code.state === 'unknown' && error.code === deadCode[code.kind].invalid
  return {
    state: isLost ? 'lost' : 'refused',
    reason: isLost ? deadCode[code.kind].lost : error.code,
    errcode: error.wechat?.errcode,
    rid: error.wechat?.rid,
  }
}

/** The answer to a code that is settled and did not lead to a member, or no longer does. */
function deadCodeError(code: CodeRecord): HaomaError {
  const { invalid, lost } = deadCode[code.kind]
  const { errcode, rid } = code
  return new HaomaError(code.reason ?? (code.state === 'lost' ? lost : invalid), {
    ...(errcode !== null && { wechat: { errcode, ...(rid !== null && { rid }) } }),
  })
}

/** Rolls a transaction back; the code has its result from another process. */
class SettledElsewhere extends Error {}

function ignoreSettledElsewhere(error: unknown): undefined {
  if (!(error instanceof SettledElsewhere)) throw error
}
