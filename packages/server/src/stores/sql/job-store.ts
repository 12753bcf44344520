import { type Kysely, sql } from 'kysely'
import type { JobRecord, JobStore } from '../job-store.ts'
import { sharedNow } from './dialects.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const fields = selectionOf(
  'name',
  'leaseOwner',
  'leaseUntilMs',
  'fence',
  'nextAtMs',
  'startedAtMs',
  'finishedAtMs',
  'runs',
  'failures',
  'lastError',
  'lastErrorAtMs',
  'progress',
)

export function createSqlJobStore(db: Kysely<Tables>): JobStore {
  const clock = (nowMs: number) => sharedNow(db, nowMs)
  return {
    ensure: async (names) => {
      if (names.length === 0) return
      await db
        .insertInto('jobs')
        .values(names.map((name) => toRow(newJob(name))))
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    claim: ({ name, owner, leaseMs, nowMs, evenIfNotDue = false }) => {
      const now = clock(nowMs)
      return db
        .updateTable('jobs')
        .set({
          lease_owner: owner,
          lease_until_ms: sql<number>`${now} + ${leaseMs}`,
          fence: sql<number>`fence + 1`,
          started_at_ms: now,
        })
        .where('name', '=', name)
        .where(sql<boolean>`(lease_until_ms is null or lease_until_ms <= ${now})`)
        .$if(!evenIfNotDue, (query) => query.where(sql<boolean>`next_at_ms <= ${now}`))
        .returning(['fence', 'progress'])
        .executeTakeFirst()
    },
    renew: async ({ name, fence, leaseMs, nowMs, progress }) => {
      const { numUpdatedRows } = await db
        .updateTable('jobs')
        .set({
          lease_until_ms: sql<number>`${clock(nowMs)} + ${leaseMs}`,
          ...(progress !== undefined && { progress }),
        })
        .where('name', '=', name)
        .where('fence', '=', fence)
        .where('lease_owner', 'is not', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    finish: async ({ name, fence, nowMs, nextInMs, error, progress }) => {
      const now = clock(nowMs)
      await db
        .updateTable('jobs')
        .set({
          lease_owner: null,
          lease_until_ms: null,
          finished_at_ms: now,
          next_at_ms: sql<number>`${now} + ${nextInMs}`,
          runs: sql<number>`runs + 1`,
          failures: error === null ? 0 : sql<number>`failures + 1`,
          ...(error !== null && { last_error: error, last_error_at_ms: now }),
          ...(progress !== undefined && { progress }),
        })
        .where('name', '=', name)
        .where('fence', '=', fence)
        .execute()
    },
    list: () => db.selectFrom('jobs').select(fields).orderBy('name').execute(),
  }
}

function newJob(name: string): JobRecord {
  return {
    name,
    leaseOwner: null,
    leaseUntilMs: null,
    fence: 0,
    nextAtMs: 0,
    startedAtMs: null,
    finishedAtMs: null,
    runs: 0,
    failures: 0,
    lastError: null,
    lastErrorAtMs: null,
    progress: null,
  }
}
