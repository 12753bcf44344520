import type { KeyRing } from '../../src/crypto/key-ring.ts'
import { createHashedCodeKey } from '../../src/exchange/code-key.ts'
import { createLoginLookUp } from '../../src/journal/look-up.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { createPhoneVault } from '../../src/numbers/vault.ts'
import type { Database } from '../../src/stores/database.ts'
import { searchesOf } from './searches.ts'

export interface MeasureOptions {
  db: Database
  keyRing: KeyRing
  appids: readonly string[]
  /** As it was filled. */
  seed: number
  entries: number
  days: number
}

/** How long each kind of search takes, in milliseconds. */
export interface Measured {
  name: string
  searches: number
  medianMs: number
  longestMs: number
}

/** Searches in each kind whose value differs from login to login. */
const COUNT = 60

/** Looks for logins in generated traffic as operators do, each search once, so that nothing is in a cache for it. */
export async function measureSearches({
  db,
  keyRing,
  appids,
  ...filled
}: MeasureOptions): Promise<Measured[]> {
  const vault = createPhoneVault(keyRing, createLogger('silent'))
  const keyOfHash = createHashedCodeKey(keyRing)
  const lookUp = createLoginLookUp({ db, vault, keyOfHash, listApps: () => appids })
  const [newest] = await db.logins.search({ limit: 1 })
  if (!newest) throw new Error('there is no traffic in this database')
  const searches = await searchesOf({
    ...filled,
    logins: db.logins,
    vault,
    untilMs: newest.atMs,
    count: COUNT,
  })
  const measured: Measured[] = []
  for (const [name, requests] of searches) {
    measured.push(await measure(name, requests, (request) => lookUp.search(request)))
  }
  const some = await lookUp.search({ outcome: 'failed', limit: COUNT })
  measured.push(await measure('one login, whole', some.items, ({ id }) => lookUp.find(id)))
  return measured
}

async function measure<T>(
  name: string,
  asked: readonly T[],
  work: (one: T) => Promise<unknown>,
): Promise<Measured> {
  const times: number[] = []
  for (const one of asked) {
    const startedAt = performance.now()
    await work(one)
    times.push(performance.now() - startedAt)
  }
  times.sort((a, b) => a - b)
  const rounded = (ms = 0) => Math.round(ms * 10) / 10
  return {
    name,
    searches: times.length,
    medianMs: rounded(times[times.length >> 1]),
    longestMs: rounded(times.at(-1)),
  }
}
