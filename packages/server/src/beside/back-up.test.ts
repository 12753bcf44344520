import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type postgresDatabase, postgresUnderTest } from '../../test/support/databases-under-test.ts'
import { appid, bearer, createClient } from '../../test/support/fixture.ts'
import { apps, type SimulatedWeChat, startWeChat } from '../../test/support/simulated-wechat.ts'
import { keyRingOf, openDatabase } from '../assembly/database.ts'
import { assemblePeople } from '../assembly/people.ts'
import { createHaoma } from '../create-haoma.ts'
import { systemClock } from '../kernel/clock.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import { BackupFileError } from '../operations/backup-file.ts'
import { openLibsql } from '../stores/sql/sqlite/libsql.ts'
import { backUp, DatabaseNotEmptyError, restore } from './back-up.ts'

const folder = mkdtempSync(join(tmpdir(), 'haoma-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const postgres = await postgresUnderTest(15)
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const sqlite = async () => `sqlite:${join(folder, `${randomBytes(6).toString('hex')}.db`)}`
const onServer = async () => {
  const created = await postgres.create?.()
  if (!created) throw new Error(postgres.missing)
  closers.push(created.dispose)
  return (created as Awaited<ReturnType<typeof postgresDatabase>>).url
}
const places: [string, () => Promise<string>, () => Promise<string>][] = [
  ['SQLite to SQLite', sqlite, sqlite],
  ...(postgres.create
    ? ([
        ['PostgreSQL to PostgreSQL', onServer, onServer],
        ['SQLite to PostgreSQL', sqlite, onServer],
        ['PostgreSQL to SQLite', onServer, sqlite],
      ] as typeof places)
    : []),
]

async function startService(databaseUrl: string, masterKey: Buffer, wechat: SimulatedWeChat) {
  const haoma = await createHaoma({
    databaseUrl,
    masterKey,
    apps: [apps.single],
    wechatHosts: [wechat.url],
    logger: createLogger('silent'),
  })
  const close = () => haoma.close()
  closers.push(close)
  const client = createClient(haoma)
  const signIn = async (user: string) => {
    const body = {
      appid,
      loginCode: await wechat.loginCode(user),
      phoneCode: await wechat.phoneCode(user),
    }
    return { answer: await client.post('/v1/login', body), body }
  }
  return { haoma, client, close, signIn }
}

async function openWeChat() {
  const wechat = await startWeChat()
  closers.push(() => wechat.close())
  return wechat
}

describe.each(places)('a backup, %s', (_name, from, to) => {
  it('made while serving brings members and numbers back; sessions end', async () => {
    const wechat = await openWeChat()
    const masterKey = randomBytes(32)
    const source = { databaseUrl: await from(), masterKey }
    const first = await startService(source.databaseUrl, masterKey, wechat)
    const before = await first.signIn('李雷')
    expect(before.answer.status).toBe(200)
    const path = join(folder, `${randomBytes(6).toString('hex')}.haoma`)
    await backUp(source, path)
    expect((await first.signIn('韩梅梅')).answer.status).toBe(200)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const bytes = readFileSync(path)
    expect(bytes.includes(masterKey)).toBe(false)
    expect(bytes.includes('members')).toBe(false)

    const target = { databaseUrl: await to(), masterKey }
    const { rows } = await restore(target, path)
    expect(rows).toBeGreaterThan(5)
    const second = await startService(target.databaseUrl, masterKey, wechat)
    const { session, member } = before.answer.body
    expect((await second.client.get('/v1/me', bearer(session.accessToken))).status).toBe(401)
    const refresh = { refreshToken: session.refreshToken }
    expect((await second.client.post('/v1/session/refresh', refresh)).status).toBe(401)
    const again = await second.signIn('李雷')
    const { id, phone } = again.answer.body.member
    expect({ id, masked: phone.masked }).toEqual({ id: member.id, masked: member.phone.masked })
  })
})

describe('a restore', () => {
  const backedUp = async () => {
    const wechat = await openWeChat()
    const masterKey = randomBytes(32)
    const options = { databaseUrl: await sqlite(), masterKey }
    const service = await startService(options.databaseUrl, masterKey, wechat)
    const { answer } = await service.signIn('李雷')
    const path = join(folder, `${randomBytes(6).toString('hex')}.haoma`)
    await backUp(options, path)
    return { wechat, options, service, answer, path }
  }

  it('leaves a database that holds data alone unless it is forced', async () => {
    const { options, path, service, answer } = await backedUp()
    await expect(restore(options, path)).rejects.toThrow(DatabaseNotEmptyError)
    const { accessToken } = answer.body.session
    expect((await service.client.get('/v1/me', bearer(accessToken))).status).toBe(200)
    await restore(options, path, { force: true })
    expect((await service.client.get('/v1/me', bearer(accessToken))).status).toBe(401)
  })

  it('with another master key, or of a file that is cut, changed or none of ours, changes nothing', async () => {
    const { path } = await backedUp()
    const target = async () => ({ databaseUrl: await sqlite(), masterKey: randomBytes(32) })
    await expect(restore(await target(), path)).rejects.toThrow(/另一个主密钥.*another master key/)

    const { options, path: whole } = await backedUp()
    const bytes = readFileSync(whole)
    const other = async () => ({ ...options, databaseUrl: await sqlite() })
    const damage = { cut: bytes.subarray(0, -200), flipped: Buffer.from(bytes) }
    damage.flipped[bytes.length - 100] = (damage.flipped[bytes.length - 100] ?? 0) ^ 1
    for (const content of [damage.cut, damage.flipped, Buffer.from('{}\n'), Buffer.from('')]) {
      const bad = join(folder, 'bad.haoma')
      writeFileSync(bad, content)
      const options = await other()
      await expect(restore(options, bad)).rejects.toThrow(BackupFileError)
      // Nothing is in there, so the whole one goes in without force.
      expect((await restore(options, whole)).rows).toBeGreaterThan(0)
    }
    expect(existsSync(`${whole}.part`)).toBe(false)
  })

  it('erases again who was erased since', async () => {
    const { options, path, service, answer } = await backedUp()
    await service.close()
    const db = await openDatabase(options)
    const { privacy } = await assemblePeople({
      options,
      db,
      keyRing: await keyRingOf(options, db),
      logger: createLogger('silent'),
      clock: systemClock,
      newId: createUuidV7,
    })
    await privacy.eraseMember(answer.body.member.id, { kind: 'cli', id: 'test' })
    expect(await restore(options, path, { force: true })).toMatchObject({ erasedAgain: 1 })
    expect(await db.members.find(answer.body.member.id)).toMatchObject({ state: 'erased' })
    expect(await db.members.identitiesOf(answer.body.member.id)).toEqual([])
    expect(await db.events.hasUnplaced()).toBe(false)
    await db.close()
  })

  it('books codes that were open as lost, each with its row in the ledger', async () => {
    const masterKey = randomBytes(32)
    const options = { databaseUrl: await sqlite(), masterKey }
    await (await openDatabase(options)).close()
    const file = openLibsql(options.databaseUrl.slice('sqlite:'.length))
    const open = `insert into codes (key, kind, appid, state, surface, owner, created_at_ms, expires_at_ms)
      values ('k1', 'phone', '${appid}', 'unknown', 'login', 'login:', 1, 2)`
    file.prepare(open).run([])
    file.close()
    const path = join(folder, `${randomBytes(6).toString('hex')}.haoma`)
    await backUp(options, path)
    const target = { ...options, databaseUrl: await sqlite() }
    await restore(target, path)
    const db = await openDatabase(target)
    closers.push(() => db.close())
    expect(await db.exchanges.find('k1')).toMatchObject({ state: 'lost' })
    expect(await db.ledger.find('k1')).toMatchObject({ state: 'lost' })
  })
})
