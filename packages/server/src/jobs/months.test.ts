import { describe, expect, it } from 'vitest'
import { postgresUnderTest, sqliteUnderTest } from '../../test/support/databases-under-test.ts'
import type { AuditEntry } from '../stores/audit-store.ts'
import { type CreateDatabases, useDatabases } from '../stores/conformance/databases.ts'
import { createMonthsJob } from './months.ts'

const DAY_MS = 86_400_000
/** The last moment of November 2026 in Shanghai. */
const novemberEndsMs = Date.parse('2026-12-01T00:00:00+08:00')

const entry = (id: string, atMs: number): AuditEntry => ({
  id,
  atMs,
  actorKind: 'system',
  actorId: 'x',
  action: 'x.y',
  targetKind: null,
  targetId: null,
  reason: null,
  details: null,
  ip: null,
  requestId: null,
})

/** The job and its queries, on two connections, as two processes would have. */
function testMonths(create: CreateDatabases): void {
  describe('months', () => {
    const at = useDatabases(create)
    let nowMs = novemberEndsMs - DAY_MS
    const run = async (days: { audit: number }) => {
      const job = createMonthsJob({ store: at.db.months, clock: { now: () => nowMs }, days })
      await job.run({
        signal: AbortSignal.timeout(60_000),
        progress: null,
        saveProgress: async () => undefined,
      })
    }
    const ids = async () => (await at.other.audit.list(5000)).map(({ id }) => id).sort()

    it('are made in one process while another writes, and no row is lost or kept twice', async () => {
      const before = Array.from({ length: 50 }, (_, index) =>
        entry(`before-${index}`, nowMs + index * 2 * DAY_MS),
      )
      await at.db.audit.add(before)
      const meanwhile = async () => {
        for (let index = 0; index < 40; index += 1) {
          await at.other.audit.add([entry(`meanwhile-${index}`, nowMs + index * 2 * DAY_MS)])
        }
      }
      await Promise.all([run({ audit: 365 }), meanwhile()])
      expect(await ids()).toHaveLength(90)
      // Again changes nothing.
      await run({ audit: 365 })
      expect(new Set(await ids()).size).toBe(90)
    })

    it('take what is of their time, by the calendar of Shanghai, to the last millisecond', async () => {
      await at.db.audit.add([
        entry('november', novemberEndsMs - 1),
        entry('december', novemberEndsMs),
        entry('long ago', Date.parse('2020-01-01T00:00:00Z')),
      ])
      // December and what came before any month was made are kept, November is a month of its own.
      nowMs = novemberEndsMs + 31 * DAY_MS - 1
      await run({ audit: 31 })
      expect(await ids()).toEqual(['december', 'november'])
      nowMs = novemberEndsMs + 31 * DAY_MS
      await run({ audit: 31 })
      expect(await ids()).toEqual(['december'])
    })

    it('keep the book for ever', async () => {
      expect(await at.db.months.removeBefore('ledger', Number.MAX_SAFE_INTEGER, 10)).toBe(0)
    })

    it('remove what is in no month, a few at once', async () => {
      const old = Date.parse('2019-01-01T00:00:00Z')
      await at.db.audit.add([1, 2, 3].map((day) => entry(`old-${day}`, old + day)))
      expect(await at.db.months.removeBefore('audit', old + 3, 1)).toBe(1)
      expect(await ids()).toEqual(['old-2', 'old-3'])
      expect(await at.db.months.removeBefore('audit', old + 3, 10)).toBe(1)
      expect(await ids()).toEqual(['old-3'])
    })
  })
}

describe('SQLite', () => testMonths(sqliteUnderTest))

for (const major of [15, 18] as const) {
  const { create, missing } = await postgresUnderTest(major)
  describe.skipIf(create === undefined)(`PostgreSQL ${major} ${missing ?? ''}`.trim(), () => {
    if (create) testMonths(create)
  })
}
