import { dayStart } from '../kernel/calendar.ts'
import { type LoginRecord, type LoginSum, latencyBoundsMs } from '../stores/login-store.ts'

/** Counts of this process that wait to be added to the database's. */
export interface PendingSums {
  /** @param isServed - Whether its app is one of the service's: strangers must not make rows. */
  count(entry: LoginRecord, isServed: boolean): void
  /** Takes what was counted since the last time. */
  take(): LoginSum[]
}

export function createPendingSums(): PendingSums {
  let sums = new Map<string, LoginSum>()
  return {
    count: (entry, isServed) => {
      const { way, outcome, wechatMs, totalMs } = entry
      const startMs = dayStart(entry.atMs)
      const appid = isServed ? (entry.appid ?? '') : ''
      const errcode = entry.errcode ?? 0
      const name = [startMs, appid, way, outcome, errcode].join(' ')
      const sum = sums.get(name) ?? emptySum({ startMs, appid, way, outcome, errcode })
      sums.set(name, sum)
      sum.entries += 1
      sum.lastAtMs = Math.max(sum.lastAtMs, entry.atMs)
      sum.totalMs += totalMs
      addTo(sum.totalBuckets, totalMs)
      if (wechatMs !== null) {
        sum.wechatMs += wechatMs
        addTo(sum.wechatBuckets, wechatMs)
      }
    },
    take: () => {
      const taken = [...sums.values()]
      sums = new Map()
      return taken
    },
  }
}

/** The class that a duration is counted in. */
function latencyClass(ms: number): number {
  const found = latencyBoundsMs.findIndex((bound) => ms <= bound)
  return found === -1 ? latencyBoundsMs.length : found
}

const addTo = (classes: number[], ms: number) => {
  const at = latencyClass(ms)
  classes[at] = (classes[at] ?? 0) + 1
}

const noClasses = () => [...latencyBoundsMs.map(() => 0), 0]

function emptySum(name: Pick<LoginSum, 'startMs' | 'appid' | 'way' | 'outcome' | 'errcode'>): LoginSum {
  const buckets = { wechatBuckets: noClasses(), totalBuckets: noClasses() }
  return { ...name, entries: 0, lastAtMs: 0, wechatMs: 0, totalMs: 0, ...buckets }
}
