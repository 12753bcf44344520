import type { Database, Stores } from '../../src/stores/database.ts'
import { StoreUnavailableError } from '../../src/stores/errors.ts'

export interface FaultyDatabase {
  wrap(db: Database): Database
  /** From now on every call to the database fails, until {@link FaultyDatabase.mend}. */
  break(): void
  /** Breaks right before the n-th call from now; a transaction counts once at its start and once at its end. */
  breakBefore(call: number): void
  mend(): void
}

/** A database that goes away, between two calls or inside a transaction. */
export function createFaultyDatabase(): FaultyDatabase {
  let callsLeft = Number.POSITIVE_INFINITY
  const check = () => {
    callsLeft -= 1
    if (callsLeft < 0) throw new StoreUnavailableError('the database is down, by the test')
  }
  const guard = <T extends object>(store: T): T =>
    new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          check()
          return method.apply(target, args)
        }
      },
    })
  const storeNames = [
    'audit',
    'clients',
    'events',
    'exchanges',
    'ledger',
    'memberFeed',
    'members',
    'sessions',
    'signingKeys',
  ] as const satisfies readonly (keyof Stores)[]
  const guardStores = (stores: Stores): Stores =>
    Object.fromEntries(storeNames.map((name) => [name, guard(stores[name])])) as unknown as Stores

  return {
    wrap: (db) => ({
      ...guardStores(db),
      transaction: async (work) => {
        check()
        return db.transaction(async (stores) => {
          const result = await work(guardStores(stores))
          check()
          return result
        })
      },
      ping: async (nowMs) => {
        check()
        return db.ping(nowMs)
      },
      close: () => db.close(),
    }),
    break: () => {
      callsLeft = 0
    },
    breakBefore: (call) => {
      callsLeft = call
    },
    mend: () => {
      callsLeft = Number.POSITIVE_INFINITY
    },
  }
}
