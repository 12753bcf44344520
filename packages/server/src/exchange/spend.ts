import type { ClientFacts, PhoneComponent } from '@haoma/protocol'
import { noTrace, type Trace } from '../journal/trace.ts'
import { allOf } from '../kernel/all-of.ts'
import type { Clock } from '../kernel/clock.ts'
import { deadlineIn } from '../kernel/deadline.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { LedgerWriter } from '../ledger/entries.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { CodeKind, CodeRecord, ExchangeSurface, Intent, Settlement } from '../stores/exchange-store.ts'
import { deadCodeError, lostReason, unknownCode } from './code-errors.ts'
import { type ConcludePolicy, type Conclusion, createConclude } from './conclude.ts'
import { createFlights } from './flights.ts'
import { createLeases } from './leases.ts'
import { createOpenCodes, type Free } from './open-codes.ts'
import { SettledElsewhere, type Step, takeSteps } from './steps.ts'
import { createTeller, type Teller } from './tell.ts'
import { type LivingState, stateAfter } from './transitions.ts'
import { type CallFailure, readCallFailure } from './wechat-errors.ts'

/** Who somebody is to one app, by WeChat's word. */
export interface LoginAnswer {
  openid: string
  unionid?: string | undefined
}

/** One use of one or two single-use codes: how WeChat is asked, and what its answers are turned into. */
export interface ExchangeUse<Phone, Done> {
  appid: string
  surface: ExchangeSurface
  /** The client or device that sends the codes; nobody else gets a result of them. */
  sender: string
  deviceId?: string | undefined
  requestId?: string | undefined
  /** Told what happens on the way. Default is nobody. */
  trace?: Trace | undefined
  /** What the client tells of itself. */
  client?: Pick<ClientFacts, 'clientVersion' | 'build' | 'platform'> | undefined
  login?: { code: string; ask(): Promise<LoginAnswer> } | undefined
  phone?:
    | {
        code: string
        component: PhoneComponent
        /** @param openid - Whose code it must be, when that is known. */
        ask(openid: string | undefined): Promise<Phone>
      }
    | undefined
  /** Whom the phone code must belong to, when no login code tells. */
  openid?: string | undefined
  /**
   * Turns the answers into what is stored, inside the transaction that ends the codes. May run again, and then from
   * the start.
   */
  settle(stores: Stores, known: Known<Phone>): Promise<Ending<Done>>
  /** The result for a code that was used before, from what was stored then. Runs outside of any transaction. */
  replay(used: CodeRecord): Promise<Done>
}

export interface Known<Phone> {
  user: LoginAnswer | undefined
  /** WeChat's answer about the phone code. */
  phone: Phone | undefined
  /** The phone code, when it was used before by this same user. */
  usedPhone: CodeRecord | undefined
}

/** How it ends: with a result, or with a rule of ours that does not take the number that WeChat gave. */
export type Ending<Done> = EndingFacts & ({ done: Done } | { refused: HaomaError })

interface EndingFacts {
  memberId?: string | undefined
  sessionId?: string | undefined
  /** Keyed index of the masked number. */
  maskedSubject?: string | undefined
  /** What a repeated request needs and nothing else holds, encrypted. */
  answerSealed?: string | undefined
  /** What is on its way to the database still, and goes out together with the end of the codes. */
  written?: Promise<unknown> | undefined
  /** What the merge policy decided, for the trace. */
  decided?: { user: string; number: string } | undefined
}

export interface ExchangePolicy extends ConcludePolicy {
  lifeMs: number
  /** How long a lease holds unless it is renewed: so long does a code wait whose process was killed. */
  leaseMs: number
  waitMs: number
  pollMs: number
  /** How long one that finds a code spent waits for the one who may have spent it and lives. */
  graceMs: number
  /** How often a result is given again. */
  replays: number
}

export interface SpendParts {
  db: Database
  clock: Clock
  newId: NewId
  logger: Logger
  keyOf: (kind: CodeKind, appid: string, code: string) => string
  ledger: LedgerWriter
  policy: ExchangePolicy
  sleep: (ms: number) => Promise<void>
  track<T>(work: Promise<T>): Promise<T>
}

export type Spend = <Phone, Done>(use: ExchangeUse<Phone, Done>) => Promise<Done>

/**
 * Makes the one function through which every single-use code of WeChat's goes. It gives each code one result,
 * however often and wherever it is sent:
 *
 * - all codes are written down and leased before WeChat is asked about any, so a database that is down costs no code;
 * - requests with one code go one after the other in a process, and wait for other processes by reading;
 * - WeChat's answers, all that follows from them and the end of the codes are one transaction;
 * - an answer that cannot be stored yet has an owner who goes on trying ({@link createConclude});
 * - a holder that died leaves a lease that runs out; the next request asks again, and when the code turns out to be
 *   spent it is `lost`, not `refused` (transitions.ts).
 */
export function createSpend(parts: SpendParts): Spend {
  const { db, clock, policy, sleep } = parts
  const leases = createLeases({
    exchanges: db.exchanges,
    owner: parts.newId(clock.now()),
    forMs: policy.leaseMs,
    clock,
  })
  const flights = createFlights()
  const openCodes = createOpenCodes({
    exchanges: db.exchanges,
    leases,
    policy,
    sleep,
    now: () => clock.now(),
  })
  const conclude = createConclude(parts)
  const at = () => ({ ledger: parts.ledger, nowMs: clock.now() })

  return async (use) => {
    const intents = intentsOf(use)
    const keys = intents.map(({ key }) => key)
    const tell = createTeller(use.trace ?? noTrace, clock.now)
    const sinceMs = clock.now()
    const endFlight = await flights.begin(keys, policy.waitMs, () => tell.waited('here', sinceMs))
    if (!endFlight) throw new HaomaError('CODE_IN_PROGRESS', { retryAfterS: 1 })
    let ended: Promise<void> = Promise.resolve()
    try {
      const own: Own = (conclusion) => {
        ended = conclusion.ended
        return conclusion.result
      }
      return await attempt(use, intents, { own, tell })
    } finally {
      void ended.then(() => {
        leases.drop(keys)
        endFlight()
      })
    }
  }

  function intentsOf<Phone, Done>(use: ExchangeUse<Phone, Done>): Intent[] {
    const common = {
      appid: use.appid,
      surface: use.surface,
      owner: `${use.surface}:${use.sender}`,
      deviceId: use.deviceId ?? null,
      requestId: use.requestId ?? null,
      clientVersion: use.client?.clientVersion ?? null,
      build: use.client?.build ?? null,
      platform: use.client?.platform ?? null,
    }
    const intents: Intent[] = []
    if (use.login) {
      const key = parts.keyOf('login', use.appid, use.login.code)
      intents.push({ ...common, key, kind: 'login', component: null, openid: null })
    }
    if (use.phone) {
      const key = parts.keyOf('phone', use.appid, use.phone.code)
      const { component } = use.phone
      intents.push({ ...common, key, kind: 'phone', component, openid: use.openid ?? null })
    }
    return intents
  }

  async function attempt<Phone, Done>(
    use: ExchangeUse<Phone, Done>,
    intents: readonly Intent[],
    run: Run,
    round = 1,
  ): Promise<Done> {
    try {
      const codes = await openCodes(intents, (sinceMs) => run.tell.waited('elsewhere', sinceMs))
      run.tell.opened(codes)
      return await exchange(use, codes, run)
    } catch (error) {
      if (!(error instanceof SettledElsewhere) || round === MOST_ROUNDS) throw error
      return attempt(use, intents, run, round + 1)
    }
  }

  async function exchange<Phone, Done>(
    use: ExchangeUse<Phone, Done>,
    codes: readonly Free[],
    { own, tell }: Run,
  ): Promise<Done> {
    const [login, phone] = (['login', 'phone'] as const).map((kind) =>
      codes.find(({ code }) => code.kind === kind),
    )
    leases.hold(codes.filter(isTaken).map(({ code }) => code.key))
    const fail = async (error: unknown, ...steps: Step[]): Promise<never> => {
      const named = new Set(steps.map(({ code }) => code.key))
      const others = codes.filter((one) => isTaken(one) && !named.has(one.code.key)).map(giveBack)
      const all = [...steps, ...others]
      const stored = own(conclude((stores) => takeSteps(stores, all, at())))
      await tell.stores(() => all, stored)
      throw error
    }

    const dead = codes.find((one) => !isTaken(one) && !isAlive(one))
    if (dead) return fail(dead.outcome === 'foreign' ? unknownCode(dead.code.kind) : deadCodeError(dead.code))

    let user: LoginAnswer | undefined = use.openid === undefined ? undefined : { openid: use.openid }
    const steps: Step[] = []
    if (login && use.login) {
      if (isTaken(login)) {
        const verdict = await judge(login, use.login.ask, tell)
        if ('failure' in verdict) return fail(verdict.failure.error, verdict.step)
        user = verdict.answer
        const { openid, unionid } = verdict.answer
        steps.push(used(login.code, { openid, unionid, wechatMs: verdict.wechatMs }))
      } else {
        user = { openid: login.code.openid as string, unionid: login.code.unionid ?? undefined }
      }
    }
    use.trace?.know({ openid: user?.openid ?? null })
    let answer: Phone | undefined
    if (phone && use.phone) {
      const isAnothers = phone.code.openid !== null && user && phone.code.openid !== user.openid
      if (isAnothers) return fail(unknownCode('phone'), ...steps)
      if (isTaken(phone)) {
        const { ask } = use.phone
        const verdict = await judge(phone, () => ask(user?.openid), tell)
        if ('failure' in verdict) return fail(verdict.failure.error, ...steps, verdict.step)
        answer = verdict.answer
        steps.push(used(phone.code, { ...(user && { openid: user.openid }), wechatMs: verdict.wechatMs }))
      }
    }

    if (steps.length === 0) {
      const last = (phone ?? login)?.code as CodeRecord
      if ((await db.exchanges.countReplay(last.key)) > policy.replays) throw unknownCode(last.kind)
      if (last.surface === 'exchange' || last.memberId !== null) {
        const { memberId, sessionId, maskedSubject } = last
        use.trace?.know({ memberId, sessionId, maskedSubject })
        tell.replayed(last.kind)
        return use.replay(last)
      }
    }
    const known = { user, phone: answer, usedPhone: phone && !isTaken(phone) ? phone.code : undefined }
    const before = login && !isTaken(login) ? login.code : undefined
    let ended: readonly Step[] = []
    const stored = own(
      conclude(async (stores) => {
        const ending = await use.settle(stores, known)
        ended = endSteps(steps, ending, before)
        await allOf([ending.written, takeSteps(stores, ended, at())])
        return ending
      }),
    )
    const ending = await tell.stores(() => ended, stored)
    const { memberId = null, sessionId = null, maskedSubject = null } = ending
    use.trace?.know({ memberId, sessionId, maskedSubject })
    tell.decided(ending.decided)
    if ('refused' in ending) throw ending.refused
    return ending.done
  }

  /** Asks WeChat about a code. A failure comes with what it makes of the code. */
  async function judge<Answer>(
    { code, wasHeld }: Taken,
    ask: () => Promise<Answer>,
    tell: Teller,
  ): Promise<{ answer: Answer; wechatMs: number } | { failure: CallFailure; step: Step }> {
    const startedAtMs = clock.now()
    try {
      const answer = await ask()
      tell.asked(code.kind, startedAtMs)
      return { answer, wechatMs: clock.now() - startedAtMs }
    } catch (thrown) {
      const failure = readCallFailure(thrown, code.kind)
      tell.asked(code.kind, startedAtMs, failure.error)
      if (failure.event === 'denied' && wasHeld) await waitForHolder(code.key)
      return withStep(code, failure, clock.now() - startedAtMs)
    }
  }

  /** Whoever had the code before may live, have WeChat's answer, and be about to store it. */
  async function waitForHolder(key: string): Promise<void> {
    const deadline = deadlineIn(policy.graceMs)
    while (!deadline.isOver) {
      const [found] = await db.exchanges.look([key], clock.now())
      if (!found || found.code.settledAtMs !== null) throw new SettledElsewhere()
      await sleep(policy.pollMs)
    }
  }
}

/** A transaction that runs again finds what others did; more than this often means that something is wrong. */
const MOST_ROUNDS = 3

type Own = <T>(conclusion: Conclusion<T>) => Promise<T>

/** What one use of codes has with it on its way. */
interface Run {
  /** Makes a conclusion the one that the codes wait for. */
  own: Own
  tell: Teller
}

type Taken = Extract<Free, { outcome: 'taken' }>

const isTaken = (one: Free): one is Taken => one.outcome === 'taken'

/** Used, and young enough to be given again. */
const isAlive = ({ outcome, code, atMs }: Free) =>
  outcome === 'settled' && code.state === 'used' && atMs < code.expiresAtMs

const giveBack = ({ code }: Free): Step => ({ do: 'release', code, state: code.state as LivingState })

/** WeChat gave an answer. Of a single-use code there is but one, so it counts whatever happened to the lease. */
const used = (code: CodeRecord, facts: Partial<Settlement>): Step => ({
  do: 'settle',
  code,
  settlement: { ...facts, state: 'used' },
})

function withStep(code: CodeRecord, failure: CallFailure, wechatMs: number) {
  const { event, error } = failure
  const state = stateAfter(code.state, event)
  if (state === 'open' || state === 'unknown') {
    return { failure, step: { do: 'release', code, state } satisfies Step }
  }
  const isLost = state === 'lost' && event === 'denied'
  const reason = isLost ? lostReason(code.kind) : error.code
  const settlement = { state, reason, ...error.wechat, wechatMs, attempt: code.attempt }
  const told = isLost
    ? { ...failure, error: new HaomaError(reason, { cause: error, wechat: error.wechat }) }
    : failure
  return { failure: told, step: { do: 'settle', code, settlement } satisfies Step }
}

/** The steps with what came of the whole: only a phone code can be refused by a rule of ours. */
function endSteps<Done>(
  steps: readonly Step[],
  ending: Ending<Done>,
  usedLogin: CodeRecord | undefined,
): Step[] {
  const { memberId, sessionId, maskedSubject, answerSealed } = ending
  const ended = steps.map((step): Step => {
    if (step.do !== 'settle') return step
    const settlement = { ...step.settlement, memberId, sessionId, maskedSubject, answerSealed }
    if (!('refused' in ending) || step.code.kind === 'login') return { ...step, settlement }
    return { ...step, settlement: { ...settlement, state: 'refused', reason: ending.refused.code } }
  })
  if (usedLogin && memberId !== undefined && sessionId !== undefined) {
    ended.push({ do: 'attach', code: usedLogin, to: { memberId, sessionId } })
  }
  return ended
}
