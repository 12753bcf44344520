import { afterEach, describe, expect, it } from 'vitest'
import { appid, bearer, createClient, type Fixture, startFixture } from '../../test/support/fixture.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

const token = 'operator-token-0001'
async function open(): Promise<Fixture> {
  const fixture = await startFixture({
    metricsToken: token,
    trustedProxies: ['127.0.0.1'],
    limits: { 'read.ip': { points: 1, withinS: 60 } },
  })
  opened.push(fixture)
  return fixture
}

describe('/metrics', () => {
  it('is for callers on this very machine and for whoever shows the token', async () => {
    const fixture = await open()
    const ask = async (ip: string | undefined, headers: Record<string, string> = {}) =>
      (await createClient(fixture.haoma, { ip }).get('/metrics', headers)).status
    const local = { host: '127.0.0.1:4000' }
    expect(await ask('127.0.0.1', local)).toBe(200)
    expect(await ask('::1', { host: '[::1]:4000' })).toBe(200)
    expect(await ask('203.0.113.9', bearer(token))).toBe(200)

    expect(await ask('203.0.113.9', local)).toBe(404)
    expect(await ask('127.0.0.1', { host: 'login.example.com' })).toBe(404)
    expect(await ask('127.0.0.1', { ...local, 'x-forwarded-for': '127.0.0.1' })).toBe(404)
    expect(await ask(undefined, local)).toBe(404)
    expect(await ask('203.0.113.9', bearer(`${token}x`))).toBe(404)
    expect(await ask('203.0.113.9', bearer(''))).toBe(404)
  })

  it('counts logins, ends of codes, calls to WeChat, transactions, refusals and jobs, and names nobody', async () => {
    const fixture = await open()
    const phoneCode = await fixture.wechat.phoneCode('李雷')
    const loginCode = await fixture.wechat.loginCode('李雷')
    const good = await fixture.post('/v1/login', { appid, loginCode, phoneCode })
    expect(good.status).toBe(200)
    await fixture.post('/v1/login', { appid, loginCode: 'B'.repeat(32) })
    const busy = createClient(fixture.haoma, { ip: '203.0.113.9' })
    for (let i = 0; i < 2; i += 1) await busy.get('/v1/me')
    await fixture.haoma.housekeep()

    const { body } = await fixture.get('/metrics', bearer(token))
    const lines: string[] = body.split('\n')
    expect(lines).toContain('haoma_logins_total{way="wechat",outcome="ok"} 1')
    expect(lines).toContain('haoma_logins_total{way="wechat",outcome="LOGIN_CODE_INVALID"} 1')
    expect(lines).toContain('haoma_codes_ended_total{kind="phone",end="used",reason=""} 1')
    expect(lines).toContain(
      'haoma_codes_ended_total{kind="login",end="refused",reason="LOGIN_CODE_INVALID"} 1',
    )
    expect(lines).toContain('haoma_limits_refused_total{limit="read.ip"} 1')
    expect(lines).toContain('haoma_job_failures{job="end-overdue-codes"} 0')
    expect(body).toMatch(/haoma_wechat_seconds_count\{path="\/sns\/jscode2session",outcome="ok"\} [1-9]/)
    expect(body).toMatch(/haoma_database_transaction_seconds_count\{outcome="ok"\} [1-9]/)
    expect(body).toMatch(new RegExp(`haoma_token_age_seconds\\{appid="${appid}"\\} \\d`))
    for (const secret of [loginCode, phoneCode, good.body.member.id, good.body.session.refreshToken]) {
      expect(body).not.toContain(secret)
    }
  })

  it('is answered while the database is away', async () => {
    const fixture = await open()
    await fixture.db.close()
    expect((await fixture.get('/metrics', bearer(token))).status).toBe(200)
  })
})
