import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, type Migration, sql } from 'kysely'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPgBouncer, startPgBouncer } from '../../../../../../scripts/services/pgbouncer.mjs'
import { postgresDatabase } from '../../../../test/support/databases-under-test.ts'
import { appid, startFixture } from '../../../../test/support/fixture.ts'
import { DatabaseTlsError } from '../../errors.ts'
import { openPostgresDatabase } from '../database.ts'
import { migrate } from '../migrate.ts'
import { migrationsFor } from '../migrations/index.ts'
import { createPostgresDialect } from './dialect.ts'
import { createPostgresPool } from './pool.ts'

const serverUrl = process.env.DATABASE_URL ?? ''
const isHere = serverUrl !== '' && findPgBouncer().missing === undefined

const latest = Object.keys(migrationsFor('postgres')).sort().at(-1)

let database: Awaited<ReturnType<typeof postgresDatabase>>
beforeAll(async () => {
  if (isHere) database = await postgresDatabase(serverUrl)
})
afterAll(() => database?.dispose())

describe.skipIf(!isHere)('behind PgBouncer in transaction mode', () => {
  let bouncer: Awaited<ReturnType<typeof startPgBouncer>>
  beforeAll(async () => {
    bouncer = await startPgBouncer(database.url)
  })
  afterAll(() => bouncer.stop())

  it('leaves nothing locked on its connections when a migration fails', async () => {
    const pool = createPostgresPool({ url: bouncer.url, poolSize: 2 })
    const db = new Kysely<never>({ dialect: createPostgresDialect(pool) })
    const up: Migration['up'] = async (trx) => void (await sql`select * from nowhere`.execute(trx))
    const broken = { '0002-broken': { up } }
    await expect(migrate(db, { ...migrationsFor('postgres'), ...broken })).rejects.toThrow('nowhere')
    // Past PgBouncer, so on another connection of the server, as another process would come.
    const other = await openPostgresDatabase({ url: database.url, poolSize: 1 })
    expect((await other.about()).schema).toBe(latest)
    await other.close()
    await db.destroy()
  })

  it('is made by one of many who start at once', async () => {
    const fresh = await postgresDatabase(serverUrl)
    const front = await startPgBouncer(fresh.url)
    try {
      const opened = await Promise.all(
        Array.from({ length: 6 }, () => openPostgresDatabase({ url: front.url, poolSize: 2 })),
      )
      const [first] = await Promise.all(opened.map((db) => db.about()))
      expect(first?.schema).toBe(latest)
      await Promise.all(opened.map((db) => db.close()))
    } finally {
      await front.stop()
      await fresh.dispose()
    }
  })

  it('takes logins on fewer connections than there are logins at once', async () => {
    const db = await openPostgresDatabase({ url: bouncer.url, poolSize: 8 })
    const fixture = await startFixture({ database: db })
    const bodies = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        await fixture.wechat.addUser(`过桥${i}`, [`1371000${String(i).padStart(4, '0')}`])
        return {
          appid,
          loginCode: await fixture.wechat.loginCode(`过桥${i}`),
          phoneCode: await fixture.wechat.phoneCode(`过桥${i}`),
        }
      }),
    )
    const answers = await Promise.all(bodies.map((body) => fixture.post('/v1/login', body)))
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200))
    await fixture.close()
  })
})

describe.skipIf(!isHere)('over TLS', () => {
  const DAY_MS = 86_400_000
  let folder: string
  const stops: (() => Promise<void>)[] = []
  const urls: Record<string, string> = {}

  /** A server with a certificate of its own, and the file of the authority that vouches for it. */
  async function serve(name: string, altName: object, fromDay: number, toDay: number): Promise<void> {
    const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
      keyType: 'ec',
      algorithm: 'sha256',
      notBeforeDate: new Date(Date.now() + fromDay * DAY_MS),
      notAfterDate: new Date(Date.now() + toDay * DAY_MS),
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [altName as never] },
      ],
    })
    writeFileSync(join(folder, `${name}.pem`), cert)
    const { url, stop } = await startPgBouncer(database.url, { key, cert })
    stops.push(stop)
    urls[name] = url
  }
  const ca = (name: string) => join(folder, `${name}.pem`)
  const open = async (url: string | undefined, query: string) => {
    const db = await openPostgresDatabase({ url: `${url}?${query}`, poolSize: 1 })
    try {
      return (await db.about()).kind
    } finally {
      await db.close()
    }
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'haoma-tls-'))
    const here = { type: 7, ip: '127.0.0.1' }
    await Promise.all([
      serve('good', here, -1, 1),
      serve('expired', here, -2, -1),
      serve('elsewhere', { type: 2, value: 'db.example.com' }, -1, 1),
    ])
  })
  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()))
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(['verify-full', 'require'])('sslmode=%s takes a server whose authority is named', async (mode) => {
    expect(await open(urls.good, `sslmode=${mode}&sslrootcert=${ca('good')}`)).toBe('postgres')
  })

  it.each([
    ['an unknown authority', 'good', 'sslmode=verify-full', 'sslrootcert'],
    ['an unknown authority, by require too', 'good', 'sslmode=require', 'sslrootcert'],
    ['a certificate that is over', 'expired', 'sslmode=verify-full&sslrootcert=', 'expired'],
    ['the name of another host', 'elsewhere', 'sslmode=verify-full&sslrootcert=', 'another name'],
  ])('refuses %s, and says what to do', async (_name, server, query, part) => {
    const opening = open(urls[server], query.endsWith('=') ? `${query}${ca(server)}` : query)
    await expect(opening).rejects.toThrow(DatabaseTlsError)
    await expect(opening).rejects.toThrow(new RegExp(`[一-龥].* / .*${part}`))
  })

  it('refuses a server without TLS, and says what to do', async () => {
    const opening = open(database.url, 'sslmode=verify-full')
    await expect(opening).rejects.toThrow(DatabaseTlsError)
    await expect(opening).rejects.toThrow(/不支持 TLS.* \/ .*does not speak TLS/)
  })
})
