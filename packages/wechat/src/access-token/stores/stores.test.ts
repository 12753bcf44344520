import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { testTokenStore } from './conformance.ts'
import { createFileTokenStore } from './file.ts'
import { createMemoryTokenStore } from './memory.ts'
import { createPostgresTokenStore } from './postgres.ts'
import { createRedisTokenStore } from './redis.ts'

describe('memory', () => {
  testTokenStore({
    test: it,
    async open() {
      const store = createMemoryTokenStore()
      return { stores: [store, store], close: async () => {} }
    },
  })
})

async function openFiles() {
  const directory = await mkdtemp(join(tmpdir(), 'haoma-tokens-'))
  return {
    directory,
    stores: [createFileTokenStore({ directory }), createFileTokenStore({ directory })] as const,
    close: () => rm(directory, { recursive: true }),
  }
}

describe('file', () => {
  testTokenStore({ test: it, open: openFiles })

  it('keeps its files to the user, names no secret and leaves no drafts', async () => {
    const { directory, stores, close } = await openFiles()
    const [store] = stores
    const fence = await store.acquire('wxapp', { owner: 'me', ttlMs: 10_000 })
    await store.write('wxapp', {
      accessToken: 'very-secret',
      expiresInMs: 60_000,
      owner: 'me',
      fence: fence ?? 0,
    })
    const names = await readdir(directory)
    expect(names.every((name) => /^wxapp\.\d+\.json$/.test(name))).toBe(true)
    for (const name of names) expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600)
    await close()
  })
})

const { REDIS_URL, DATABASE_URL } = process.env

describe.skipIf(REDIS_URL === undefined)('Redis (needs REDIS_URL)', () => {
  testTokenStore({
    test: it,
    async open() {
      const clients = [new Redis(REDIS_URL ?? ''), new Redis(REDIS_URL ?? '')] as const
      const prefix = `test:${randomUUID()}`
      const [one, other] = clients
      return {
        stores: [
          createRedisTokenStore({ client: one, prefix }),
          createRedisTokenStore({ client: other, prefix }),
        ],
        async close() {
          for (const client of clients) await client.quit()
        },
      }
    },
  })
})

describe.skipIf(DATABASE_URL === undefined)('PostgreSQL (needs DATABASE_URL)', () => {
  testTokenStore({
    test: it,
    async open() {
      const pools = [
        new Pool({ connectionString: DATABASE_URL }),
        new Pool({ connectionString: DATABASE_URL }),
      ] as const
      const table = `token_${randomUUID().replaceAll('-', '_')}`
      const [one, other] = pools
      return {
        stores: [
          createPostgresTokenStore({ pool: one, table }),
          createPostgresTokenStore({ pool: other, table }),
        ],
        async close() {
          await one.query(`drop table if exists ${table}`)
          for (const pool of pools) await pool.end()
        },
      }
    },
  })
})
