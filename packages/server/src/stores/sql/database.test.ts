import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StoreUnavailableError } from '../errors.ts'
import { openSqliteDatabase } from './database.ts'

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
})
