import { randomUUID } from 'node:crypto'
import {
  type FileHandle,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { testTokenStore } from './conformance.ts'
import { createFileTokenStore } from './file.ts'
import { createMemoryTokenStore } from './memory.ts'
import { createPostgresTokenStore, postgresTokenTable } from './postgres.ts'
import { createRedisTokenStore } from './redis.ts'

async function openFiles() {
  const directory = await mkdtemp(join(tmpdir(), 'haoma-tokens-'))
  return {
    directory,
    stores: [createFileTokenStore({ directory }), createFileTokenStore({ directory })] as const,
    close: () => rm(directory, { recursive: true }),
  }
}

describe('file', () => {
  testTokenStore({ test: it.concurrent, open: openFiles })

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

  afterEach(() => void vi.restoreAllMocks())
  const me = { owner: 'me', ttlMs: 10_000 }
  const other = { owner: 'other', ttlMs: 10_000 }

  const whole = { fence: 1, forcedAtMs: [] }
  const damages = {
    empty: '',
    'cut off': '{"fence":2,"forcedAtM',
    null: 'null',
    'an object of nothing': '{}',
    'an object of the wrong things': '{"fence":"1","forcedAtMs":0,"lease":1}',
    'whole but for a token that is no text': JSON.stringify({
      ...whole,
      token: { accessToken: 1, savedAtMs: Date.now(), expiresInMs: 60_000 },
    }),
    'whole but for the time of its token': JSON.stringify({
      ...whole,
      token: { accessToken: 'T', expiresInMs: 60_000 },
    }),
    'whole but for the end of its lease': JSON.stringify({ ...whole, lease: { owner: 'me', fence: 1 } }),
    'whole but for the times of its permits': JSON.stringify({ ...whole, forcedAtMs: ['yesterday'] }),
  }

  it.each(Object.entries(damages))(
    'counts a newest file that is %s as nothing written, with a greater fence after it',
    async (_, damaged) => {
      const { directory, stores, close } = await openFiles()
      const [one, two] = stores
      const fence = (await one.acquire('wxapp', me)) ?? 0
      await one.write('wxapp', { accessToken: 'T', expiresInMs: 60_000, owner: 'me', fence })
      const numbers = (await readdir(directory)).map((name) => Number(name.split('.')[1]))
      await writeFile(join(directory, `wxapp.${Math.max(...numbers)}.json`), damaged)
      expect(await two.read('wxapp')).toBeUndefined()
      const next = (await two.acquire('wxapp', other)) ?? 0
      expect(next).toBeGreaterThan(fence)
      const written = { accessToken: 'U', expiresInMs: 60_000, owner: 'other', fence: next }
      expect(await two.write('wxapp', written)).toBe(true)
      expect((await one.read('wxapp'))?.accessToken).toBe('U')
      expect((await one.takeForcePermit('wxapp', { max: 1, windowMs: 1000, minIntervalMs: 1 })).granted).toBe(
        true,
      )
      await close()
    },
  )

  it('gives a version its name only when it is on the disk', async () => {
    const { directory, stores, close } = await openFiles()
    const file = await open(join(directory, 'probe'), 'w')
    const namesAtSync: string[][] = []
    const handles = Object.getPrototypeOf(file) as FileHandle
    const { sync } = handles
    vi.spyOn(handles, 'sync').mockImplementation(async function (this: FileHandle) {
      await sync.call(this)
      namesAtSync.push((await readdir(directory)).filter((name) => name.endsWith('.json')))
    })
    await file.close()
    await stores[0].acquire('wxapp', me)
    await stores[0].takeForcePermit('wxapp', { max: 1, windowMs: 1000, minIntervalMs: 1 })
    expect(namesAtSync).toEqual([[], ['wxapp.1.json']])
    await close()
  })

  it('does not keep anybody waiting for a lease that was taken before the clock was set back', async () => {
    const { stores, close } = await openFiles()
    const [one, two] = stores
    const now = Date.now()
    vi.spyOn(Date, 'now').mockReturnValue(now + 3_600_000)
    expect(await one.acquire('wxapp', me)).toBe(1)
    vi.spyOn(Date, 'now').mockReturnValue(now)
    expect(await two.acquire('wxapp', other)).toBe(2)
    await close()
  })

  it('removes the drafts of processes that were killed, and no draft of one that writes', async () => {
    const { directory, stores, close } = await openFiles()
    await stores[0].acquire('wxapp', me)
    const drafts = ['old.draft', 'new.draft'].map((name) => join(directory, name))
    for (const draft of drafts) await writeFile(draft, '{"token":"secret"}')
    const anHourAgo = new Date(Date.now() - 3_600_000)
    await utimes(drafts[0] ?? '', anHourAgo, anHourAgo)
    await stores[1].release('wxapp', { owner: 'me', fence: 1 })
    expect((await readdir(directory)).filter((name) => name.endsWith('.draft'))).toEqual(['new.draft'])
    expect(await readFile(drafts[1] ?? '', 'utf8')).toContain('secret')
    await close()
  })
})

const { REDIS_URL, DATABASE_URL } = process.env

describe('memory', { concurrent: true }, () => {
  testTokenStore({
    test: it,
    async open() {
      const store = createMemoryTokenStore()
      return { stores: [store, store], close: async () => {} }
    },
  })
})

describe('Redis (needs REDIS_URL)', { concurrent: true, skip: REDIS_URL === undefined }, () => {
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

describe('PostgreSQL (needs DATABASE_URL)', { concurrent: true, skip: DATABASE_URL === undefined }, () => {
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

  it('works for a role that may read and write the table and create nothing', async () => {
    const id = randomUUID().replaceAll('-', '')
    const [schema, role] = [`schema_${id}`, `role_${id}`]
    const owner = new Pool({ connectionString: DATABASE_URL })
    await owner.query(`create schema ${schema}`)
    await owner.query(postgresTokenTable(`${schema}.token`))
    await owner.query(`create role ${role}; grant usage on schema ${schema} to ${role};
      grant select, insert, update on ${schema}.token to ${role}`)
    const pool = new Pool({ connectionString: DATABASE_URL, options: `-c role=${role}` })
    try {
      const store = createPostgresTokenStore({ pool, table: `${schema}.token` })
      const fence = await store.acquire('wxapp', { owner: 'me', ttlMs: 10_000 })
      expect(fence).toBe(1)
      expect(await store.read('wxapp')).toBeUndefined()
    } finally {
      await pool.end()
      await owner.query(`drop schema ${schema} cascade; drop role ${role}`)
      await owner.end()
    }
  })

  it('answers again after a first query that never came back', async () => {
    const pool = new Pool({ connectionString: DATABASE_URL })
    const table = `token_${randomUUID().replaceAll('-', '_')}`
    let asked = 0
    const query = (text: string, values?: unknown[]) =>
      ++asked === 1 ? new Promise<never>(() => {}) : pool.query(text, values)
    const store = createPostgresTokenStore({ pool: { query }, table })
    void store.read('wxapp')
    expect(await store.acquire('wxapp', { owner: 'me', ttlMs: 10_000 })).toBe(1)
    await pool.query(`drop table ${table}`)
    await pool.end()
  })
})
