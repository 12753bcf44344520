import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresDatabase } from '../../../../test/support/databases-under-test.ts'
import { StoreUnavailableError } from '../../errors.ts'
import { openPostgresDatabase } from '../database.ts'
import { replaceRows } from '../replace.ts'
import { openPostgresSnapshot } from '../snapshot.ts'
import type { PostgresOptions } from './pool.ts'

const serverUrl = process.env.DATABASE_URL

describe.skipIf(!serverUrl)('a statement on PostgreSQL that takes longer than a request may', () => {
  let database: Awaited<ReturnType<typeof postgresDatabase>>
  let other: pg.Client
  let options: PostgresOptions
  beforeAll(async () => {
    database = await postgresDatabase(serverUrl as string)
    options = { url: database.url, poolSize: 2, queryTimeoutMs: 200 }
    await (await database.open()).close()
    other = new pg.Client({ connectionString: database.url })
    await other.connect()
  })
  afterAll(async () => {
    await other.end()
    await database.dispose()
  })

  /** Runs the work while nobody but `other` gets at the table for a while. */
  async function whileLocked<T>(table: string, work: () => Promise<T>): Promise<T> {
    await other.query(`begin; lock table ${table} in access exclusive mode`)
    const unlocked = other.query('select pg_sleep(0.5); commit')
    try {
      return await work()
    } finally {
      await unlocked
    }
  }

  it('fails a request', async () => {
    const db = await openPostgresDatabase(options)
    await expect(whileLocked('members', () => db.members.find('m1'))).rejects.toThrow(StoreUnavailableError)
    await db.close()
  })

  it('fails a start on a database that is up to date', async () => {
    await expect(whileLocked('haoma_migrations', () => openPostgresDatabase(options))).rejects.toThrow(
      StoreUnavailableError,
    )
  })

  it('is waited for by a migration', async () => {
    const empty = await postgresDatabase(serverUrl as string)
    const maker = new pg.Client({ connectionString: empty.url })
    await maker.connect()
    // Nobody else makes a table of this name until it is known whether this one stays.
    await maker.query('begin; create table members (id text)')
    const gone = maker.query('select pg_sleep(0.5); rollback')
    const db = await openPostgresDatabase({ ...options, url: empty.url })
    await gone
    expect(await db.members.find('m1')).toBeUndefined()
    await db.close()
    await maker.end()
    await empty.dispose()
  })

  it('is waited for by a restore', async () => {
    const target = { kind: 'postgres' as const, options }
    await whileLocked('members', () => replaceRows(target, (all) => all.clear()))
  })

  it('is waited for by a backup', async () => {
    const snapshot = await openPostgresSnapshot(options)
    const rows = await whileLocked('members', () => snapshot.rows('members')[Symbol.asyncIterator]().next())
    expect(rows).toMatchObject({ done: true })
    await snapshot.close()
  })
})
