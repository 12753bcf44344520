import { describe, expect, it } from 'vitest'
import { createRequestLog, type LogEntry } from './request-log.ts'

const entry = (rid: string): Omit<LogEntry, 'seq'> => ({
  kind: 'api',
  atMs: 0,
  tookMs: 0,
  rid,
  method: 'GET',
  path: '/',
  query: '',
  clientIp: '',
  requestBody: '',
  status: 200,
  responseBody: '',
})

describe('the request log', () => {
  it('keeps the newest entries and forgets the rids of the others', () => {
    const log = createRequestLog(3, true, () => {})
    for (const rid of ['a', 'b', 'c', 'd', 'e']) log.add(entry(rid))
    expect(log.since(0, 100).map(({ rid }) => rid)).toEqual(['c', 'd', 'e'])
    expect(log.findByRid('b')).toBeUndefined()
    expect(log.findByRid('c')?.seq).toBe(3)
    expect(log.size()).toBe(3)
  })

  it('gives a reader who pages each entry once, in order', () => {
    const log = createRequestLog(10, true, () => {})
    for (const rid of ['a', 'b', 'c', 'd']) log.add(entry(rid))
    expect(log.since(2, 100).map(({ rid }) => rid)).toEqual(['c', 'd'])
    expect(log.since(0, 2).map(({ rid }) => rid)).toEqual(['a', 'b'])
    expect(log.since(2, 2).map(({ rid }) => rid)).toEqual(['c', 'd'])
    expect(log.since(4, 2)).toEqual([])
    expect(log.newest(3).map(({ rid }) => rid)).toEqual(['b', 'c', 'd'])
    expect(log.lastSeq()).toBe(4)
  })

  it('begins with the oldest it still has, for a reader who comes too late', () => {
    const log = createRequestLog(3, true, () => {})
    for (const rid of ['a', 'b', 'c', 'd', 'e']) log.add(entry(rid))
    expect(log.since(0, 2).map(({ rid }) => rid)).toEqual(['c', 'd'])
    expect(log.newest(9).map(({ rid }) => rid)).toEqual(['c', 'd', 'e'])
  })

  it('publishes each entry', () => {
    const seen: number[] = []
    const log = createRequestLog(2, true, ({ seq }) => seen.push(seq))
    log.add(entry('a'))
    log.add(entry('b'))
    expect(seen).toEqual([1, 2])
  })
})
