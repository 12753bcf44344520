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
  /** The first entries after a sequence number, oldest first: what a reader who pages asks for. */
  since(seq: number, limit: number): LogEntry[]
  /** The newest entries, oldest first. */
  newest(limit: number): LogEntry[]
  /** The sequence number of the newest entry; 0 when there was none. */
  lastSeq(): number
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
  const range = (first: number, last: number): LogEntry[] => {
    const out: LogEntry[] = []
    for (let at = Math.max(first, seq - ring.length + 1); at <= Math.min(last, seq); at++) {
      const entry = ring[(at - 1) % capacity]
      if (entry) out.push(entry)
    }
    return out
  }
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
      const first = Math.max(after + 1, seq - ring.length + 1)
      return range(first, first + limit - 1)
    },
    newest: (limit) => range(seq - limit + 1, seq),
    lastSeq: () => seq,
    size: () => ring.length,
  }
}
