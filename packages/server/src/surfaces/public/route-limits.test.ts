import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { ownRedis } from '../../../../../scripts/services/redis.mjs'
import { postgresDatabase } from '../../../test/support/databases-under-test.ts'
import {
  appid,
  bearer,
  createClient,
  type Fixture,
  type FixtureOptions,
  startFixture,
} from '../../../test/support/fixture.ts'
import type { Haoma } from '../../create-haoma.ts'
import { routeLimits } from './route-limits.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function open(options: FixtureOptions = {}): Promise<Fixture> {
  const fixture = await startFixture(options)
  opened.push(fixture)
  return fixture
}

const from = (fixture: { haoma: Pick<Haoma, 'fetch'> }, ip: string) => createClient(fixture.haoma, { ip })
const nobody = { refreshToken: 'x' }
const refresh = '/v1/session/refresh'

describe('the table of limits', () => {
  it('has a row for every route that a member calls', async () => {
    const { get } = await open()
    const { paths } = (await get('/openapi.json')).body
    const calls = Object.entries<Record<string, { security: object[] }>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => !security.some((way) => 'client' in way || 'clientAsAppSecret' in way))
        .map(([method]) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    )
    const rows = routeLimits.map(({ method, path }) => `${method} ${path}`)
    const guarded = calls.filter((call) => call.includes(' /v1/'))
    expect(guarded.length).toBeGreaterThan(4)
    expect(guarded.filter((call) => !rows.includes(call))).toEqual([])
  })
})

describe('one address', () => {
  const limits = { 'login.ip': { points: 2, withinS: 20 } }

  it('waits for seconds when it asks too often, and keeps the code it has', async () => {
    const fixture = await open({ limits })
    const busy = from(fixture, '203.0.113.9')
    const login = async () => ({ appid, loginCode: await fixture.wechat.loginCode('李雷') })
    for (let i = 0; i < 2; i += 1) expect((await busy.post('/v1/login', await login())).status).toBe(200)
    const body = { ...(await login()), phoneCode: await fixture.wechat.phoneCode('李雷') }
    const refused = await busy.post('/v1/login', body)
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', action: 'retry' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.body.retryAfterS).toBeLessThanOrEqual(20)
    expect((await from(fixture, '203.0.113.10').post('/v1/login', body)).status).toBe(200)
  })

  it('is a /64 of IPv6, and is not what a stranger says it is', async () => {
    const fixture = await open({ limits: { 'refresh.ip': { points: 1, withinS: 20 } } })
    expect((await from(fixture, '2001:db8:1:2::1').post(refresh, nobody)).status).toBe(401)
    expect((await from(fixture, '2001:db8:1:2::2').post(refresh, nobody)).status).toBe(429)
    const stranger = from(fixture, '203.0.113.9')
    expect((await stranger.post(refresh, nobody, { 'x-forwarded-for': '1.1.1.1' })).status).toBe(401)
    expect((await stranger.post(refresh, nobody, { 'x-forwarded-for': '2.2.2.2' })).status).toBe(429)
  })

  it('is the one that a trusted proxy names', async () => {
    const fixture = await open({
      trustedProxies: ['10.0.0.0/8'],
      limits: { 'refresh.ip': { points: 1, withinS: 20 } },
    })
    const proxy = from(fixture, '10.0.0.2')
    expect((await proxy.post(refresh, nobody, { 'x-forwarded-for': '1.1.1.1' })).status).toBe(401)
    expect((await proxy.post(refresh, nobody, { 'x-forwarded-for': '2.2.2.2' })).status).toBe(401)
    expect((await proxy.post(refresh, nobody, { 'x-forwarded-for': '6.6.6.6, 1.1.1.1' })).status).toBe(429)
  })

  it('that is not known is not counted', async () => {
    const fixture = await open({ limits: { 'refresh.ip': { points: 1, withinS: 20 } } })
    for (let i = 0; i < 5; i += 1) expect((await fixture.post(refresh, nobody)).status).toBe(401)
  })
})

describe('a rejected code', () => {
  const limits = { 'login.rejected.ip': { points: 2, withinS: 20 } }

  it('weighs, and a good one does not', async () => {
    const fixture = await open({ limits })
    const client = from(fixture, '203.0.113.9')
    const good = async () =>
      client.post('/v1/login', { appid, loginCode: await fixture.wechat.loginCode('李雷') })
    const bad = () => client.post('/v1/login', { appid, loginCode: 'B'.repeat(32) })
    for (let i = 0; i < 5; i += 1) expect((await good()).status).toBe(200)
    expect((await bad()).body.code).toBe('LOGIN_CODE_INVALID')
    expect((await good()).status).toBe(200)
    expect((await bad()).body.code).toBe('LOGIN_CODE_INVALID')
    expect((await good()).status).toBe(429)
  })
})

describe('one WeChat user', () => {
  it('who sends wrong phone codes waits, wherever the requests come from, and nobody else does', async () => {
    const fixture = await open({ limits: { 'phone.rejected.openid': { points: 2, withinS: 20 } } })
    const signIn = async (user: string) => {
      const { body } = await fixture.post('/v1/login', {
        appid,
        loginCode: await fixture.wechat.loginCode(user),
      })
      return bearer(body.session.accessToken)
    }
    const first = await signIn('李雷')
    const second = await signIn('韩梅梅')
    const send = (headers: Record<string, string>, ip: string) =>
      from(fixture, ip).post('/v1/phone', { phoneCode: 'f'.repeat(64) }, headers)
    expect((await send(first, '203.0.113.1')).body.code).toBe('PHONE_CODE_INVALID')
    expect((await send(first, '203.0.113.2')).body.code).toBe('PHONE_CODE_INVALID')
    expect((await send(first, '203.0.113.3')).status).toBe(429)
    expect((await send(second, '203.0.113.3')).body.code).toBe('PHONE_CODE_INVALID')
  })
})

describe('with Redis', () => {
  it('processes count together, go on alone while it is away and say so, and come back to it', async () => {
    const server = await ownRedis()
    if (server.missing !== undefined) {
      if (process.env.CI) throw new Error(server.missing)
      return
    }
    const limits = { 'refresh.ip': { points: 2, withinS: 600 } }
    const fixture = await open({ redisUrl: server.url, limits })
    const other = await fixture.startAnother()
    const ask = async (one: Parameters<typeof from>[0], ip: string) =>
      (await from(one, ip).post(refresh, nobody)).status
    const logged = (text: string) => () => fixture.log().split(text).length - 1
    await expect.poll(logged('counted in Redis'), { timeout: 10_000 }).toBe(2)

    expect([await ask(fixture, '203.0.113.1'), await ask(other, '203.0.113.1')]).toEqual([401, 401])
    expect([await ask(fixture, '203.0.113.1'), await ask(other, '203.0.113.1')]).toEqual([429, 429])

    await server.stop()
    expect([await ask(fixture, '203.0.113.2'), await ask(fixture, '203.0.113.2')]).toEqual([401, 401])
    expect([await ask(fixture, '203.0.113.2'), await ask(other, '203.0.113.2')]).toEqual([429, 401])
    expect(logged('Redis is away')()).toBe(2)

    const again = await ownRedis(server.port)
    if (again.missing !== undefined) throw new Error(again.missing)
    opened.push({ close: again.stop })
    await expect.poll(logged('counted in Redis'), { timeout: 15_000 }).toBe(4)
    expect([await ask(fixture, '203.0.113.3'), await ask(other, '203.0.113.3')]).toEqual([401, 401])
    expect(await ask(other, '203.0.113.3')).toBe(429)
  }, 60_000)
})

const serverUrl = process.env.DATABASE_URL

describe.skipIf(!serverUrl)('in PostgreSQL', () => {
  const openIn = async (options: FixtureOptions = {}) => {
    const database = await postgresDatabase(serverUrl as string)
    opened.push({ close: database.dispose })
    const fixture = await open({ ...options, limitsIn: 'database', database: await database.open() })
    return { url: database.url, fixture }
  }

  it('processes count together, and remove what has run out', async () => {
    const { fixture } = await openIn({ limits: { 'refresh.ip': { points: 2, withinS: 600 } } })
    const other = await fixture.startAnother()
    const ask = async (one: Parameters<typeof from>[0]) =>
      (await from(one, '203.0.113.1').post(refresh, nobody)).status

    expect([await ask(fixture), await ask(other)]).toEqual([401, 401])
    expect([await ask(fixture), await ask(other)]).toEqual([429, 429])
    expect(fixture.log()).toContain('limits are counted in PostgreSQL')

    const remove = () => fixture.db.retention.removeBefore('limits', Date.now() + 700_000, 10)
    expect(await remove()).toBeGreaterThan(0)
    expect(await ask(other)).toBe(401)
  })

  it('processes go on alone while a count takes too long', async () => {
    const { fixture, url } = await openIn()
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    await other.query('begin; lock table limits in access exclusive mode')
    // The table is not given back before the answer is there.
    const { status } = await from(fixture, '203.0.113.1').post(refresh, nobody)
    await other.end()
    expect(status).toBe(401)
    expect(fixture.log()).toContain('PostgreSQL is away')
  })
})

it('limits are not counted in a database that is not PostgreSQL', async () => {
  await expect(open({ limitsIn: 'database' })).rejects.toThrow(/需要 PostgreSQL.*needs PostgreSQL/)
})
