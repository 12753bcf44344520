import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, type Migration, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseVersionError } from '../errors.ts'
import { openSqliteDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { migrationsFor } from './migrations/index.ts'
import { createSqliteDialect } from './sqlite/dialect.ts'
import { openLibsql } from './sqlite/libsql.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haoma-migrate-'))
  path = join(folder, 'haoma.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The database as a version with more migrations leaves it. */
async function upgrade(name: string, up: Migration['up']): Promise<void> {
  const handle = openLibsql(path)
  const db = new Kysely<never>({ dialect: createSqliteDialect({ writer: handle, reader: handle }) })
  await migrate(db, { ...migrationsFor('sqlite'), [name]: { up } })
  await db.destroy()
}

const addColumn: Migration['up'] = async (db) => {
  await sql`alter table members add column nickname text`.execute(db)
}

describe('a database of another version', () => {
  it('that a newer one only expanded goes on under this one, running and started anew', async () => {
    const running = await openSqliteDatabase(path)
    await running.members.create({ id: 'm1', createdAtMs: 1 })
    await upgrade('0002-expand-nickname', addColumn)
    await running.members.create({ id: 'm2', createdAtMs: 1 })
    await running.close()
    const started = await openSqliteDatabase(path)
    await started.members.create({ id: 'm3', createdAtMs: 1 })
    expect(await started.members.find('m1')).toBeDefined()
    await started.close()
  })

  it('that a newer one changed is refused, in both languages, and stays as it is', async () => {
    await (await openSqliteDatabase(path)).close()
    await upgrade('0002-contract-nickname', addColumn)
    const opening = openSqliteDatabase(path)
    await expect(opening).rejects.toThrow(DatabaseVersionError)
    await expect(opening).rejects.toThrow(/更新版本.* \/ .*newer version/s)
  })

  it('of a build before the first release is told so', async () => {
    const handle = openLibsql(path)
    const db = new Kysely<never>({ dialect: createSqliteDialect({ writer: handle, reader: handle }) })
    await migrate(db, { '0001-login': { up: addOldTable } })
    await db.destroy()
    await expect(openSqliteDatabase(path)).rejects.toMatchObject({ made: 'unreleased' })
  })
})

const addOldTable: Migration['up'] = async (db) => {
  await sql`create table codes (key text primary key)`.execute(db)
}

describe('many processes that start at once', () => {
  it('bring an empty database up to date once', async () => {
    const opened = await Promise.all(Array.from({ length: 5 }, () => openSqliteDatabase(path)))
    await opened[0]?.members.create({ id: 'm1', createdAtMs: 1 })
    expect(await opened[4]?.members.find('m1')).toBeDefined()
    await Promise.all(opened.map((db) => db.close()))
  })
})
