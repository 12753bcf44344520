import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { createCodeKey, createHashedCodeKey } from '../../src/exchange/code-key.ts'
import { createLoginLookUp } from '../../src/journal/look-up.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { createPhoneVault } from '../../src/numbers/vault.ts'
import type { Database } from '../../src/stores/database.ts'
import { openSqliteDatabase } from '../../src/stores/sql/database.ts'
import { codeOf, fill } from './fill.ts'
import { measureSearches } from './measure.ts'
import { searchesOf } from './searches.ts'
import { openSqliteSink, type Sink, type Value } from './sink.ts'

const keyRing = createKeyRing([randomBytes(32)])
const appids = ['wx1', 'wx2', 'wx3']
const untilMs = Date.parse('2026-11-25T04:30:00Z')
const options = { seed: 7, days: 10, entries: 1500, untilMs, appids, keyRing }

describe('generated traffic', () => {
  let folder: string
  let db: Database
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haoma-traffic-'))
    const path = join(folder, 'haoma.db')
    await (await openSqliteDatabase(path)).close()
    const sink = openSqliteSink(path)
    expect((await fill({ ...options, sink })).entries).toBe(1500)
    await sink.close()
    db = await openSqliteDatabase(path)
  })
  afterAll(async () => {
    await db.close()
    await rm(folder, { recursive: true })
  })

  it('is the same for the same seed', async () => {
    const rows = async (seed: number) => {
      const hash = createHash('sha256')
      const sink: Sink = {
        add: (table: string, { sealed: _, ...row }: Record<string, Value>) =>
          void hash.update(table + JSON.stringify(row)),
        flush: async () => {},
        close: async () => {},
      }
      await fill({ ...options, seed, entries: 300, sink })
      return hash.digest('hex')
    }
    expect(await rows(7)).toBe(await rows(7))
    expect(await rows(7)).not.toBe(await rows(8))
  })

  it('is found by the hash of a code, and its sums count every request', async () => {
    const hash = createHash('sha256').update(codeOf(7, 1000)).digest('hex')
    const keyOf = createCodeKey(keyRing)
    const keys = appids.map((appid) => keyOf('phone', appid, codeOf(7, 1000)))
    expect(hash).toHaveLength(64)
    const found = await db.logins.search({ codeKeys: keys, limit: 9 })
    expect(found.length).toBeGreaterThan(0)
    const all = await db.logins.search({ limit: 9999 })
    const sums = await db.logins.sums({ fromMs: 0, untilMs: 9e12 })
    expect(sums.reduce((sum, { entries }) => sum + entries, 0)).toBe(all.length)
    expect(Math.max(...all.map(({ atMs }) => atMs))).toBeLessThan(untilMs)
  })

  it('has members whose numbers open', async () => {
    const vault = createPhoneVault(keyRing, createLogger('silent'))
    const [bound] = await db.logins.search({ way: 'phone', outcome: 'ok', limit: 1 })
    const phone = await db.members.findPhone(bound?.memberId ?? '')
    if (!phone) throw new Error('no number')
    expect(vault.subjectsOf(vault.read(phone) ?? '')).toEqual([phone.subject])
    expect(vault.maskedSubjectsOf(vault.readMasked(phone) ?? '')).toEqual([phone.maskedSubject])
    expect(phone.subject).toBe(bound?.phoneSubject)
  })

  it('is found by everything that is looked for', async () => {
    const vault = createPhoneVault(keyRing, createLogger('silent'))
    const keyOfHash = createHashedCodeKey(keyRing)
    const lookUp = createLoginLookUp({ db, vault, keyOfHash, listApps: () => appids })
    const searches = await searchesOf({ ...options, logins: db.logins, vault, count: 5 })
    for (const [name, requests] of searches) {
      expect(requests.length, name).toBeGreaterThan(0)
      const found = await Promise.all(requests.map((request) => lookUp.search(request)))
      // Some codes were never sent, so no login has them.
      expect(
        found.some(({ items }) => items.length > 0),
        name,
      ).toBe(name !== 'nothing there')
    }
    expect((await measureSearches({ ...options, db, keyRing })).length).toBe(searches.size + 1)
  })

  it('has bad days', async () => {
    const outcomes = new Set(
      (await db.logins.search({ isFailed: true, limit: 999 })).map((one) => one.outcome),
    )
    expect(outcomes).toContain('WECHAT_UNREACHABLE')
    expect(outcomes).toContain('WECHAT_MISCONFIGURED')
  })
})
