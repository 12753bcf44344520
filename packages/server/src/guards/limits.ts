import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { HaomaError } from '../kernel/errors.ts'
import type { MakeCounter } from '../stores/limit-counters.ts'
import { type LimitName, type LimitOverrides, type LimitPolicy, limitPolicies } from './policies.ts'

/** A limit, and who is counted under it. */
export type Counted = readonly [name: LimitName, subject: string | undefined]

export interface Limits {
  /**
   * Counts a request under every limit that counts requests, and asks those that count rejections.
   * A subject that is not known counts nowhere.
   *
   * @throws {HaomaError} `RATE_LIMITED` with the wait in `retryAfterS`, when one of them is used up.
   */
  admit(counted: readonly Counted[]): Promise<void>
  /**
   * Counts a request under a rate that the subject has for itself, whatever it asks for.
   *
   * @throws {HaomaError} `RATE_LIMITED`
   */
  admitWithin(subject: string, rate: Rate): Promise<void>
  /** Counts a rejection (a wrong code, a wrong secret) under those of the limits that count rejections. */
  reject(counted: readonly Counted[]): Promise<void>
}

/** So many requests in so many seconds. */
export interface Rate {
  points: number
  withinS: number
}

/** Keeps the counts in the process. */
export const memoryCounters: MakeCounter = (options) => new RateLimiterMemory(options)

export interface LimitsParts {
  /** Default is in the memory of the process: each process then counts for itself. */
  makeCounter?: MakeCounter
  overrides?: LimitOverrides
  /** Told when shared counters fail and the process goes on with its own. */
  onDegraded?: (error: unknown) => void
  /** Told when shared counters answered. */
  onShared?: () => void
  /** Told which limit made somebody wait. */
  onRefused?: (name: LimitName | 'client.own') => void
}

export function createLimits({
  makeCounter = memoryCounters,
  overrides = {},
  onDegraded,
  onShared,
  onRefused,
}: LimitsParts = {}): Limits {
  const counters = new Map<LimitName, Counter>()
  for (const [name, policy] of Object.entries(limitPolicies) as [LimitName, LimitPolicy][]) {
    const override = overrides[name]
    if (override === false) continue
    const { counts, points, withinS } = { ...policy, ...override }
    const options = { keyPrefix: name, points, duration: withinS }
    counters.set(name, { name, counts, shared: makeCounter(options), own: memoryCounters(options) })
  }

  /** One counter for all who have the same rate: there are as many as operators thought of. */
  const ownRates = new Map<string, Counter>()
  const ownCounter = ({ points, withinS }: Rate): Counter => {
    const keyPrefix = `own.${points}.${withinS}`
    const known = ownRates.get(keyPrefix)
    if (known) return known
    const options = { keyPrefix, points, duration: withinS }
    const counter: Counter = {
      name: 'client.own',
      counts: 'requests',
      shared: makeCounter(options),
      own: memoryCounters(options),
    }
    ownRates.set(keyPrefix, counter)
    return counter
  }

  /** Asks all whose subject is known, at once. */
  const ofEach = <T>(
    counted: readonly Counted[],
    ask: (counter: Counter, subject: string) => Promise<T>,
  ): Promise<T>[] => {
    const asked: Promise<T>[] = []
    for (const [name, subject] of counted) {
      const counter = counters.get(name)
      if (counter && subject !== undefined) asked.push(ask(counter, subject))
    }
    return asked
  }

  /** When the shared store is away, limits go on in memory rather than let everybody through, or nobody. */
  const inEither = async <T>(
    { shared, own }: Counter,
    work: (counter: RateLimiterAbstract) => Promise<T>,
  ): Promise<T> => {
    try {
      const result = await work(shared)
      onShared?.()
      return result
    } catch (error) {
      onDegraded?.(error)
      return work(own)
    }
  }

  /** How long the subject has to wait, in milliseconds; 0 when it may go on. */
  const waitMs = async (counter: Counter, subject: string): Promise<number> => {
    const ms = await inEither(counter, (one) => askWaitMs[counter.counts](one, subject))
    if (ms > 0) onRefused?.(counter.name)
    return ms
  }

  return {
    admit: async (counted) => {
      const waitsMs = ofEach(counted, waitMs)
      // Most requests are counted once.
      refuseIfAny(waitsMs.length === 1 ? [(await waitsMs[0]) ?? 0] : await Promise.all(waitsMs))
    },
    admitWithin: async (subject, rate) => refuseIfAny([await waitMs(ownCounter(rate), subject)]),
    reject: async (counted) => {
      await Promise.all(
        ofEach(counted, async (counter, subject) => {
          if (counter.counts === 'rejections') await inEither(counter, (one) => one.penalty(subject))
        }),
      )
    },
  }
}

/** Asks one counter how long the subject has to wait, in milliseconds, counting it first where requests are counted. */
const askWaitMs: Record<
  LimitPolicy['counts'],
  (counter: RateLimiterAbstract, subject: string) => Promise<number>
> = {
  rejections: async (counter, subject) => {
    const state = await counter.get(subject)
    return state && state.consumedPoints >= counter.points ? state.msBeforeNext : 0
  },
  requests: (counter, subject) =>
    counter.consume(subject).then(
      () => 0,
      (thrown) => {
        if (thrown instanceof RateLimiterRes) return Math.max(1, thrown.msBeforeNext)
        throw thrown
      },
    ),
}

function refuseIfAny(waitsMs: readonly number[]): void {
  const longestMs = Math.max(0, ...waitsMs)
  if (longestMs > 0) throw new HaomaError('RATE_LIMITED', { retryAfterS: Math.ceil(longestMs / 1000) })
}

interface Counter {
  name: LimitName | 'client.own'
  counts: LimitPolicy['counts']
  shared: RateLimiterAbstract
  own: RateLimiterAbstract
}
