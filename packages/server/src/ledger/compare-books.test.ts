import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BalanceReading } from '../stores/balance-store.ts'
import type { Database } from '../stores/database.ts'
import type { LedgerRow } from '../stores/ledger-store.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'
import type { Pack } from '../stores/tariff-store.ts'
import { compareBooks } from './compare-books.ts'

const MINUTE_MS = 60_000
const start = Date.parse('2026-11-02T01:00:00Z')
const end = start + 30 * MINUTE_MS
const of = { appid: 'wx1', component: 'quick' } as const
const spuId = '10000077'

let db: Database
beforeEach(async () => {
  db = await openSqliteDatabase(':memory:')
})
afterEach(() => db.close())

const readingAt = (atMs: number, wechatUsed: number): BalanceReading => ({
  id: `r${atMs}`,
  ...of,
  spuId,
  atMs,
  wechatTotal: 1000,
  wechatUsed,
  wechatLeft: 1000 - wechatUsed,
  packages: [],
  error: null,
  oursUsed: null,
  difference: null,
  explanation: [],
  reconciledAtMs: null,
})
let made = 0
/** Entries a minute after the first reading, unless told otherwise. */
const add = async (count: number, over: Partial<LedgerRow> = {}) => {
  for (let n = 0; n < count; n += 1) {
    made += 1
    await db.ledger.add({
      id: `entry-${made}`,
      codeKey: `code-${made}`,
      ...of,
      surface: 'login',
      clientId: null,
      state: 'used',
      cause: '',
      source: 'intent',
      isBilled: 1,
      listLi: 30,
      chargeLi: 0,
      chargedTo: null,
      build: null,
      clientVersion: null,
      platform: null,
      openid: null,
      memberId: null,
      maskedSubject: null,
      reason: null,
      errcode: null,
      rid: null,
      requestId: null,
      attempts: 1,
      wechatMs: null,
      consentedAtMs: null,
      seenAtMs: start + MINUTE_MS,
      settledAtMs: start + MINUTE_MS,
      bookedAtMs: null,
      ...over,
    })
  }
}
const addPack = (over: Partial<Pack>) =>
  db.tariffs.addPack({
    id: 'p1',
    ...of,
    kind: 'pack',
    name: '',
    spuId: null,
    packageId: null,
    entries: 100,
    priceLi: 0,
    usedBefore: 0,
    usedEntries: 0,
    allocatedLi: 0,
    startsAtMs: 0,
    endsAtMs: null,
    createdAtMs: 0,
    ...over,
  })
/** What comes of WeChat counting so many since the first reading. */
const compare = async (wechatUsed: number, open = 0) => {
  const { difference, explanation, toConfirm } = await compareBooks(db, {
    first: readingAt(start, 500),
    reading: readingAt(end, 500 + wechatUsed),
    open,
    lifeMs: 6 * MINUTE_MS,
  })
  const parts = Object.fromEntries(explanation.map(({ cause, entries }) => [cause, entries]))
  expect(explanation.reduce((sum, { entries }) => sum + entries, 0)).toBe(difference)
  return { difference, parts, confirmed: toConfirm.length }
}

describe('the difference between the two books', () => {
  it('is nothing where both count the same', async () => {
    await add(3)
    await add(2, { isBilled: 0, state: 'refused' })
    await add(4, { seenAtMs: start - MINUTE_MS })
    expect(await compare(3)).toEqual({ difference: 0, parts: {}, confirmed: 0 })
  })

  it('is proof for what a button told of first, then for other doubts, then something is missing', async () => {
    await add(1)
    await add(2, { isBilled: null, source: 'telemetry', state: 'expired', consentedAtMs: start + 1 })
    await add(1, { isBilled: null, state: 'refused' })
    expect(await compare(2)).toEqual({ difference: 1, parts: { 'never-sent': 1 }, confirmed: 1 })
    expect(await compare(4)).toEqual({ difference: 3, parts: { 'never-sent': 2, unproven: 1 }, confirmed: 3 })
    expect(await compare(9)).toEqual({
      difference: 8,
      parts: { 'never-sent': 2, unproven: 1, 'telemetry-missing': 5 },
      confirmed: 3,
    })
  })

  it('takes off what was consented before a reading and heard of after it', async () => {
    await add(2)
    await add(3, { consentedAtMs: end - 1, seenAtMs: end + MINUTE_MS })
    // Consented and heard of after it: of no concern.
    await add(5, { consentedAtMs: end + 1, seenAtMs: end + MINUTE_MS })
    expect(await compare(5)).toEqual({ difference: 3, parts: { 'in-flight': 3 }, confirmed: 0 })
    await add(2, { consentedAtMs: start - 1, seenAtMs: start + 1 })
    expect(await compare(5)).toEqual({ difference: 1, parts: { 'in-flight': 1 }, confirmed: 0 })
  })

  it('counts open codes of a reading that was just taken as on their way', async () => {
    await add(1)
    expect(await compare(4, 2)).toEqual({
      difference: 3,
      parts: { 'in-flight': 2, 'telemetry-missing': 1 },
      confirmed: 0,
    })
  })

  it('leaves out calls of packs that WeChat keeps under another product, whatever else is missing', async () => {
    await addPack({ spuId: '10000117' })
    await add(1)
    await add(4, { chargedTo: 'pack:p1' })
    const { parts } = await compare(3)
    expect(parts['other-product']).toBe(-4)
    expect(parts['telemetry-missing']).toBe(2)
  })

  it('explains fewer calls at WeChat by what it may not charge, and then by nothing', async () => {
    await addPack({ id: 'f1', kind: 'free', entries: null })
    await add(2, { chargedTo: 'free:f1' })
    await add(1, { platform: 'devtools' })
    await add(3)
    expect((await compare(5)).parts).toEqual({ free: -1 })
    expect((await compare(3)).parts).toEqual({ free: -2, devtools: -1 })
    expect((await compare(1)).parts).toEqual({ free: -2, devtools: -1, 'not-at-wechat': -2 })
  })
})
