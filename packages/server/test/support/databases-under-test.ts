import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll } from 'vitest'
import { embeddedPostgres } from '../../../../scripts/services/embedded-postgres.mjs'
import type { CreateDatabases } from '../../src/stores/conformance/databases.ts'
import { openPostgresDatabase, openSqliteDatabase } from '../../src/stores/sql/database.ts'
import { tables } from '../../src/stores/sql/migrations/0001-tables/index.ts'
import { openLibsql } from '../../src/stores/sql/sqlite/libsql.ts'

/** Children before the rows they refer to. */
const deletions = tables.map(({ name }) => `delete from ${name}`).reverse()

/** A file, opened by every connection anew. */
export const sqliteUnderTest: CreateDatabases = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'haoma-db-'))
  const path = join(folder, 'haoma.db')
  return {
    open: () => openSqliteDatabase(path),
    empty: async () => {
      const handle = openLibsql(path)
      for (const sql of deletions) handle.prepare(sql).run([])
      handle.close()
    },
    dispose: () => rm(folder, { recursive: true }),
  }
}

/** A database of its own on the server at this address. */
export async function postgresDatabase(serverUrl: string) {
  const name = `haoma_${process.pid}_${Math.random().toString(36).slice(2)}`
  await query(serverUrl, `create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    open: () => openPostgresDatabase({ url: url.href, poolSize: 8 }),
    empty: () => query(url.href, deletions.join(';')),
    dispose: () => query(serverUrl, `drop database ${name} with (force)`),
  }
}

/** A PostgreSQL of this major version for the suites of one file, ended with it. */
export async function postgresUnderTest(
  major: 15 | 18,
): Promise<{ create?: CreateDatabases; missing?: string }> {
  const server = await embeddedPostgres(major)
  if (server.missing !== undefined) {
    if (process.env.CI) throw new Error(server.missing)
    return { missing: server.missing }
  }
  afterAll(() => server.end())
  return { create: () => postgresDatabase(server.url) }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
