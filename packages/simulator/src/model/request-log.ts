import type { Text } from '../text.ts'

/** One call as the rid endpoint and the control page know it. */
export interface LogEntry {
  /** Grows by one with each entry. */
  seq: number
  /** `api` for calls of a back end, `device` for what happened on a phone. */
  kind: 'api' | 'device'
  atMs: number
  tookMs: number
  /** Empty for `device` entries: only answers of the API host have one. */
  rid: string
  method: string
  path: string
  /** Query string without secrets. */
  query: string
  appid?: string | undefined
  clientIp: string
  requestBody: string
  status: number
  responseBody: string
  errcode?: number | undefined
  /** Why it was answered so. */
  why?: Text | undefined
  /** Kinds of the faults that fell on it. */
  faults?: string[] | undefined
}

export interface RequestLog {
  isOn: boolean
  add(entry: Omit<LogEntry, 'seq'>): void
  findByRid(rid: string): LogEntry | undefined
  /** Entries after a sequence number, oldest first. */
  since(seq: number, limit: number): LogEntry[]
  size(): number
}

/**
 * A ring of the newest entries.
 *
 * @param publish - called with each new entry
 */
export function createRequestLog(
  capacity: number,
  isOn: boolean,
  publish: (entry: LogEntry) => void,
): RequestLog {
  const ring: LogEntry[] = []
  const byRid = new Map<string, LogEntry>()
  let seq = 0
  return {
    isOn,
    add(input) {
      const entry: LogEntry = { seq: ++seq, ...input }
      const index = (entry.seq - 1) % capacity
      const overwritten = ring[index]
      if (overwritten) byRid.delete(overwritten.rid)
      ring[index] = entry
      if (entry.rid !== '') byRid.set(entry.rid, entry)
      publish(entry)
    },
    findByRid: (rid) => byRid.get(rid),
    since(after, limit) {
      const first = Math.max(after + 1, seq - Math.min(limit, ring.length) + 1)
      const out: LogEntry[] = []
      for (let at = first; at <= seq; at++) {
        const entry = ring[(at - 1) % capacity]
        if (entry) out.push(entry)
      }
      return out
    },
    size: () => ring.length,
  }
}
