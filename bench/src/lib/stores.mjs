import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { postgres } from '../../../scripts/services/postgres.mjs'
import { redis } from '../../../scripts/services/redis.mjs'

/** What several processes can share a token through: those of file, Redis and PostgreSQL that this machine has. */
export async function openSharedStores() {
  const folder = mkdtempSync(join(tmpdir(), 'haoma-bench-'))
  const [redisServer, database] = await Promise.all([redis(), postgres()])
  const emptied = []
  const makers = {
    file: () => ({ kind: 'file', folder: join(folder, randomUUID()) }),
    ...(redisServer.url && {
      Redis: () => ({ kind: 'redis', url: redisServer.url, keyPrefix: `haoma-bench:${randomUUID()}` }),
    }),
    ...(database.url && { PostgreSQL: () => emptyDatabase(database.url, emptied) }),
  }
  return {
    kinds: Object.keys(makers),
    /** What a caller process needs to open a store that nobody has used yet. */
    empty: (kind) => makers[kind](),
    close: async () => {
      rmSync(folder, { recursive: true, force: true })
      for (const name of emptied) await query(database.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await Promise.all([redisServer.stop?.(), database.stop?.()])
    },
  }
}

async function emptyDatabase(serverUrl, names) {
  const name = `haoma_bench_${randomUUID().replaceAll('-', '')}`
  await query(serverUrl, `CREATE DATABASE ${name}`)
  names.push(name)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { kind: 'postgres', url: url.href }
}

async function query(url, sql) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}
