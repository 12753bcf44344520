import { CompiledQuery, type Kysely } from 'kysely'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { StoreUnavailableError } from '../../errors.ts'
import type { MakeCounter } from '../../limit-counters.ts'
import type { Tables } from '../tables.ts'

/** A count that takes longer than this is not worth the wait: the process counts for itself. */
const COUNT_TIMEOUT_MS = 300

/**
 * Keeps the counts of all processes in PostgreSQL: one statement a count, on any connection of the pool, without a name,
 * which a pooler between us and the server would not keep. What has run out is removed by the `retention` job.
 */
export function postgresCounters(db: Kysely<Tables>): MakeCounter {
  const client = {
    query: ({ text, values }: { text: string; values: readonly unknown[] }) =>
      inTime(db.executeQuery(CompiledQuery.raw(text, [...values]))),
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

async function inTime<T>(counting: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreUnavailableError('a count took too long')), COUNT_TIMEOUT_MS)
  })
  try {
    return await Promise.race([counting, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
