import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../kernel/clock.ts'
import type { ComponentOutlook } from '../ledger/outlook.ts'
import type { AlertReadingStore } from '../stores/alert-reading-store.ts'
import type { Database } from '../stores/database.ts'

/** What rules look at. */
export interface Readings extends Omit<AlertReadingStore, 'refusals' | 'sharedNowMs'> {
  /** What is left and where it goes, as the first page shows it. */
  outlook(): Promise<Pick<ComponentOutlook, 'appid' | 'component' | 'left' | 'forecast'>[]>
  budgetsReached(): Promise<{ appid: string; component: string; dayLi: number; monthLi: number }[]>
  /** WeChat's count beside ours, what of the difference nobody can explain. */
  differences(
    sinceMs: number,
  ): Promise<{ appid: string; component: string; ours: number; unexplained: number }[]>
  /** Endpoints that the service itself switched off. */
  webhooksDisabled(): Promise<{ id: string; host: string; reason: string }[]>
  jobs(): Promise<{ name: string; failures: number }[]>
  /** How far ours is ahead of WeChat's clock, in milliseconds, by each request that WeChat refused since a moment. */
  clockOffsets(sinceMs: number): Promise<number[]>
  /** How far the clock of this process is ahead of the database's, in milliseconds. */
  databaseClockOffset(): Promise<number>
  /** Names of what did not open since a moment. */
  unopened(sinceMs: number): Promise<string[]>
  /** Keys that numbers are sealed with. */
  keys(): Promise<{ id: string; isHere: boolean; isOld: boolean; sinceMs: number }[]>
}

export interface ReadingsParts {
  db: Pick<Database, 'alertReadings' | 'alerts' | 'indexKeys' | 'jobs' | 'webhooks'>
  keyRing: KeyRing
  clock: Clock
  outlook: Readings['outlook']
  budgetsReached: Readings['budgetsReached']
  differences: Readings['differences']
}

export function createReadings({ db, keyRing, clock, ...others }: ReadingsParts): Readings {
  return {
    ...db.alertReadings,
    outlook: others.outlook,
    budgetsReached: others.budgetsReached,
    differences: others.differences,
    webhooksDisabled: async () => {
      const endpoints = await db.webhooks.listEndpoints()
      return endpoints.flatMap(({ id, url, isEnabled, disabledReason }) =>
        isEnabled || (disabledReason !== 'failing' && disabledReason !== 'gone')
          ? []
          : [{ id, host: new URL(url).host, reason: disabledReason }],
      )
    },
    jobs: () => db.jobs.list(),
    unopened: (sinceMs) => db.alerts.listUnopened(sinceMs),
    clockOffsets: async (sinceMs) => (await db.alertReadings.refusals(sinceMs)).map(offsetOf),
    databaseClockOffset: async () => {
      const askedAtMs = clock.now()
      const sharedMs = await db.alertReadings.sharedNowMs()
      return sharedMs === null ? 0 : (askedAtMs + clock.now()) / 2 - sharedMs
    },
    keys: async () => {
      const keys = await db.indexKeys.list()
      const writing = keys.find(({ state }) => state === 'writing')
      return keys.map(({ id, state }) => ({
        id,
        isHere: keyRing.find('phone-index', id) !== undefined,
        isOld: state !== 'writing',
        // The old ones are old since another writes.
        sinceMs: writing?.sinceMs ?? 0,
      }))
    },
  }
}

/** A rid holds the second in which WeChat saw the call, which was between the beginning and the end of the request. */
function offsetOf({ atMs, totalMs, rid }: { atMs: number; totalMs: number; rid: string }): number {
  const seenAtMs = Number.parseInt(rid.slice(0, 8), 16) * 1000
  if (Number.isNaN(seenAtMs)) return 0
  if (seenAtMs > atMs + totalMs) return atMs + totalMs - seenAtMs
  return Math.max(0, atMs - (seenAtMs + 1000))
}
