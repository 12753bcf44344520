import type { Kysely, Migration } from 'kysely'
import { createTable, type SqlDialect } from '../table-sql.ts'
import { accessTables } from './access.ts'
import { accountTables } from './accounts.ts'
import { exchangeTables } from './exchange.ts'
import { memberTables } from './members.ts'
import { operationTables } from './operations.ts'
import { sessionTables } from './sessions.ts'

/** Every table of the first release, a file for each group of rooms. */
export const tables = [
  ...memberTables,
  ...sessionTables,
  ...exchangeTables,
  ...accessTables,
  ...accountTables,
  ...operationTables,
]

export function createTables(dialect: SqlDialect): Migration {
  return {
    up: async (db: Kysely<unknown>) => {
      for (const table of tables) await createTable(db, table, dialect)
    },
  }
}
