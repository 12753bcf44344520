import { CompiledQuery, type Kysely } from 'kysely'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import type { MakeCounter } from '../../limit-counters.ts'
import type { Tables } from '../tables.ts'

/**
 * Keeps the counts of all processes in PostgreSQL: one statement a count, on any connection of the pool, without a name,
 * which a pooler between us and the server would not keep. What has run out is removed by the `retention` job.
 */
export function postgresCounters(db: Kysely<Tables>): MakeCounter {
  const client = {
    query: ({ text, values }: { text: string; values: readonly unknown[] }) =>
      db.executeQuery(CompiledQuery.raw(text, [...values])),
  }
  return (options) =>
    new RateLimiterPostgres({
      ...options,
      storeClient: client,
      storeType: 'client',
      tableName: 'limits',
      tableCreated: true,
      clearExpiredByTimeout: false,
    })
}
