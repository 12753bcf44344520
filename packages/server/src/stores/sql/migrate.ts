import { type Kysely, type Migration, Migrator, sql } from 'kysely'
import type { DatabaseAbout } from '../database.ts'
import { DatabaseVersionError } from '../errors.ts'
import { dialectOf } from './dialects.ts'
import { migrationsFor } from './migrations/index.ts'
import { inLockedTransaction } from './postgres/migration-lock.ts'

const names = { migrationTableName: 'haoma_migrations', migrationLockTableName: 'haoma_migrations_lock' }

/** Migrations of builds that were never released; their databases cannot be brought up to date. */
const unreleased = ['0001-login']

/**
 * Brings the tables up to date, forward only, under a lock: of many processes that start at once one does it and the
 * others wait.
 *
 * A migration whose name says `-expand-` only adds what an older program does not see, so that the versions before and
 * after it can run side by side; an older program starts on it. Any other migration it does not know makes it stop.
 *
 * @throws {DatabaseVersionError} When the database is of a newer version, or of a build before the first release.
 */
export async function migrate(db: Kysely<never>, migrations = migrationsFor(dialectOf(db))): Promise<void> {
  const { unknown } = await compare(db, migrations)
  const known = { ...migrations, ...Object.fromEntries(unknown.map((name) => [name, doneElsewhere])) }
  const isPostgres = dialectOf(db) === 'postgres'
  const run = async (on: Kysely<never>) => {
    const provider = { getMigrations: async () => known }
    const migrator = new Migrator({ db: on, provider, ...names, disableTransactions: isPostgres })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
  }
  await (isPostgres ? inLockedTransaction(db, run) : run(db))
}

/**
 * Whether there is nothing to bring up to date.
 *
 * @throws {DatabaseVersionError} As {@link migrate}.
 */
export async function isUpToDate(db: Kysely<never>): Promise<boolean> {
  return (await compare(db, migrationsFor(dialectOf(db)))).missing.length === 0
}

async function compare(db: Kysely<never>, migrations: Record<string, Migration>) {
  const done = await executed(db)
  const unknown = done.filter((name) => !(name in migrations))
  if (unknown.some((name) => unreleased.includes(name))) throw new DatabaseVersionError('unreleased')
  if (!unknown.every((name) => name.includes('-expand-'))) throw new DatabaseVersionError('newer')
  return { unknown, missing: Object.keys(migrations).filter((name) => !done.includes(name)) }
}

/** What database it is, for people. */
export async function aboutDatabase(db: Kysely<never>): Promise<DatabaseAbout> {
  const kind = dialectOf(db)
  const ask = kind === 'sqlite' ? sql`select sqlite_version() as version` : sql`show server_version`
  const [row = {}] = (await ask.execute(db)).rows as Record<string, string>[]
  const [version = ''] = Object.values(row)
  return { kind, version, schema: (await executed(db)).sort().at(-1) ?? '' }
}

const doneElsewhere: Migration = {
  up: async () => {
    throw new Error('a migration that this version does not know cannot be run by it')
  },
}

async function executed(db: Kysely<never>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === names.migrationTableName)) return []
  const { rows } = await sql<{
    name: string
  }>`select name from ${sql.table(names.migrationTableName)}`.execute(db)
  return rows.map(({ name }) => name)
}
