import type { KeyRing } from '../crypto/key-ring.ts'
import type { AlertReadingStore } from '../stores/alert-reading-store.ts'
import type { Database } from '../stores/database.ts'

/** What rules look at. */
export interface Readings extends AlertReadingStore {
  budgetsReached(): Promise<{ appid: string; component: string; dayLi: number; monthLi: number }[]>
  /** WeChat's count beside ours, what of the difference nobody can explain. */
  differences(
    sinceMs: number,
  ): Promise<{ appid: string; component: string; ours: number; unexplained: number }[]>
  /** Endpoints that the service itself switched off. */
  webhooksDisabled(): Promise<{ id: string; host: string; reason: string }[]>
  jobs(): Promise<{ name: string; failures: number }[]>
  /** Keys that numbers are sealed with. */
  keys(): Promise<{ id: string; isHere: boolean; isOld: boolean; sinceMs: number }[]>
}

export interface ReadingsParts {
  db: Pick<Database, 'alertReadings' | 'indexKeys' | 'jobs' | 'webhooks'>
  keyRing: KeyRing
  budgetsReached: Readings['budgetsReached']
  differences: Readings['differences']
}

export function createReadings({ db, keyRing, budgetsReached, differences }: ReadingsParts): Readings {
  return {
    ...db.alertReadings,
    budgetsReached,
    differences,
    webhooksDisabled: async () => {
      const endpoints = await db.webhooks.listEndpoints()
      return endpoints.flatMap(({ id, url, isEnabled, disabledReason }) =>
        isEnabled || (disabledReason !== 'failing' && disabledReason !== 'gone')
          ? []
          : [{ id, host: new URL(url).host, reason: disabledReason }],
      )
    },
    jobs: () => db.jobs.list(),
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
