import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StoreUnavailableError } from '../errors.ts'
import { openSqliteDatabase } from './database.ts'
import { openLibsql } from './sqlite/libsql.ts'

const inFolder = async <T>(work: (folder: string) => Promise<T>) => {
  const folder = await mkdtemp(join(tmpdir(), 'haoma-db-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('openSqliteDatabase', () => {
  it('makes folder and file for its owner only, and keeps what was stored', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'deep', 'haoma.db')
      const first = await openSqliteDatabase(path)
      await first.members.create({ id: 'm1', createdAtMs: 1 })
      await first.close()
      const second = await openSqliteDatabase(path)
      expect(await second.members.find('m1')).toBeDefined()
      await second.close()
      expect((await stat(path)).mode & 0o777).toBe(0o600)
    }))

  it('says that a file cannot be opened', () =>
    inFolder(async (folder) => {
      await expect(openSqliteDatabase(folder)).rejects.toThrow(StoreUnavailableError)
    }))

  it('reads while another program holds the write lock, and no writer waits longer than the first', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'haoma.db')
      const db = await openSqliteDatabase(path)
      await db.members.create({ id: 'm1', createdAtMs: 1 })
      const other = openLibsql(path)
      other.prepare('begin immediate').run([])
      const waiting = Array.from({ length: 4 }, (_, i) =>
        db.members.create({ id: `w${i}`, createdAtMs: 1 }).then(
          () => 'written',
          (error: unknown) => (error instanceof StoreUnavailableError ? 'unavailable' : error),
        ),
      )
      expect(await db.members.find('m1')).toBeDefined()
      // All four give up together: had each waited for its own 5 s after the other, this would be 20.
      const startedAtMs = performance.now()
      expect(await Promise.all(waiting)).toEqual(Array(4).fill('unavailable'))
      expect(performance.now() - startedAtMs).toBeLessThan(15_000)
      other.prepare('rollback').run([])
      await db.members.create({ id: 'm2', createdAtMs: 1 })
      other.close()
      await db.close()
    }))

  it('leaves no log behind when it is closed', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'haoma.db')
      const db = await openSqliteDatabase(path)
      await db.members.create({ id: 'm1', createdAtMs: 1 })
      await Promise.all([db.close(), db.close()])
      const log = await stat(`${path}-wal`).catch(() => ({ size: 0 }))
      expect(log.size).toBe(0)
    }))
})
