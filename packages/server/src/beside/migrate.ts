import { openDatabase } from '../assembly/database.ts'
import type { HaomaOptions } from '../options.ts'

/**
 * Brings a database up to date, as every start does: one of any number of processes at once does it, the others wait.
 *
 * @throws {DatabaseVersionError} When the database is of another program.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function migrateDatabase(
  options: Pick<HaomaOptions, 'databaseUrl' | 'databasePoolSize' | 'databaseTls'>,
): Promise<void> {
  const db = await openDatabase(options)
  await db.close()
}
