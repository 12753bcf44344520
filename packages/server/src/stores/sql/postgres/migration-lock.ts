import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'

/** Any number that nobody else locks in the same database. */
const LOCK = 4_620_711_001
const ASK_EVERY_MS = 100

/**
 * Runs migrations in one transaction that nobody else runs at the same time; others wait, for however long it takes. All
 * of it happens, or nothing.
 */
export function inLockedTransaction(
  db: Kysely<never>,
  work: (connection: Kysely<never>) => Promise<void>,
): Promise<void> {
  return db.connection().execute(async (connection) => {
    await sql`begin`.execute(connection)
    try {
      // Asked again and again: one statement that waits would end at the limit that statements have.
      while (!(await isTaken(connection))) await sleep(ASK_EVERY_MS)
      await work(connection)
      await sql`commit`.execute(connection)
    } catch (error) {
      // A connection that is gone has rolled back already.
      await sql`rollback`.execute(connection).catch(() => {})
      throw error
    }
  })
}

async function isTaken(connection: Kysely<never>): Promise<boolean> {
  const { rows } = await sql<{
    taken: boolean
  }>`select pg_try_advisory_xact_lock(${sql.lit(LOCK)}) as taken`.execute(connection)
  return rows[0]?.taken === true
}
