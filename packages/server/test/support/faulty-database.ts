import type { Database, Stores } from '../../src/stores/database.ts'
import { StoreUnavailableError } from '../../src/stores/errors.ts'

export interface FaultyDatabase {
  wrap(db: Database): Database
  /** From now on every call to the database fails, until {@link FaultyDatabase.mend}. */
  break(): void
  /** Breaks right before the n-th call from now; a transaction counts at its start and at its commit. */
  breakBefore(call: number): void
  /** Lets the n-th call from now happen, loses its answer, and is away from then on: also the answer to a commit. */
  breakAfter(call: number): void
  /** One call fails, the next ones work. */
  stumbleBefore(call: number): void
  mend(): void
  /** The process dies at its next transaction: nothing it does reaches the database from then on. */
  killAtTransaction(): void
  /** The process is dead now. */
  kill(): void
  /** How many calls there were. */
  calls(): number
}

/** What the "process" meets after its death; it is no fault of the database, so nobody waits for it to pass. */
class Dead extends Error {}

/** A database that goes away, between two calls, inside a transaction or with the answer to a commit. */
export function createFaultyDatabase(): FaultyDatabase {
  let calls = 0
  let failing: { from: number; to: number; isAfter: boolean } | undefined
  let isDead = false
  let diesAtTransaction = false

  const fail = () => {
    throw new StoreUnavailableError('the database is down, by the test')
  }
  /** Counts a call, fails it when it is one of those that do, and says whether its answer is to be lost. */
  const count = (): boolean => {
    if (isDead) throw new Dead('the process is dead, by the test')
    const number = calls
    calls += 1
    if (failing === undefined || number < failing.from || number >= failing.to) return false
    if (!(failing.isAfter && number === failing.from)) fail()
    return true
  }
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    const isLost = count()
    const result = await work()
    if (isLost) fail()
    return result
  }
  const guard = <T extends object>(store: T): T =>
    new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...args: unknown[]) => call(() => method.apply(target, args))
      },
    })
  const guardStores = (stores: Stores): Stores =>
    new Proxy(stores, {
      get: (target, name) => {
        const store = Reflect.get(target, name)
        // Jobs run by a timer of their own: their calls would make the count depend on the moment.
        return typeof store === 'object' && name !== 'jobs' ? guard(store) : store
      },
    })

  return {
    wrap: (db) => {
      const guarded = guardStores(db)
      return new Proxy(db, {
        get: (target, name) => {
          if (name === 'transaction') {
            return async (work: (stores: Stores) => Promise<unknown>) => {
              if (diesAtTransaction) isDead = true
              count()
              let isLost = false
              const result = await db.transaction(async (stores) => {
                const result = await work(guardStores(stores))
                isLost = count()
                return result
              })
              if (isLost) fail()
              return result
            }
          }
          if (name === 'ping') return (nowMs: number) => call(() => db.ping(nowMs))
          return Reflect.get(
            name in db && typeof Reflect.get(target, name) === 'object' ? guarded : target,
            name,
          )
        },
      })
    },
    break: () => {
      failing = { from: calls, to: Number.POSITIVE_INFINITY, isAfter: false }
    },
    breakBefore: (after) => {
      failing = { from: calls + after, to: Number.POSITIVE_INFINITY, isAfter: false }
    },
    breakAfter: (after) => {
      failing = { from: calls + after, to: Number.POSITIVE_INFINITY, isAfter: true }
    },
    stumbleBefore: (after) => {
      failing = { from: calls + after, to: calls + after + 1, isAfter: false }
    },
    mend: () => {
      failing = undefined
    },
    killAtTransaction: () => {
      diesAtTransaction = true
    },
    kill: () => {
      isDead = true
    },
    calls: () => calls,
  }
}
