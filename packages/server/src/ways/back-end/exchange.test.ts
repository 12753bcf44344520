import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, basic, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { apps, paths } from '../../../test/support/simulated-wechat.ts'

let fixture: Fixture
let as: Record<string, string>
beforeEach(async () => {
  fixture = await startFixture({ wechatTimeoutMs: 500 })
  as = await newClient()
})
afterEach(() => fixture.close())

const newClient = async (appids?: string[]) =>
  basic(await fixture.haoma.clients.create({ name: 'shop', scopes: ['exchange'], appids }))
const phoneCode = (user = '李雷') => fixture.wechat.phoneCode(user)
const exchange = (body: object, headers = as) => fixture.post('/v1/exchange', { appid, ...body }, headers)
const number = {
  e164: '+8613580006666',
  nationalNumber: '13580006666',
  countryCallingCode: '86',
  capturedAt: expect.stringMatching(/^\d{4}-.*Z$/),
  component: 'quick',
}

describe('POST /v1/exchange', () => {
  it('gives the number of a code, and makes neither member nor session', async () => {
    const code = await phoneCode()
    expect(await exchange({ phoneCode: code })).toMatchObject({ status: 200, body: number })
    expect(await fixture.ledgerOf(code)).toMatchObject({ state: 'used', memberId: null })
    expect(await fixture.db.events.hasUnplaced()).toBe(false)
    const reader = basic(await fixture.haoma.clients.create({ name: 'x', scopes: ['member:read'] }))
    expect((await fixture.post('/v1/members/lookup', { e164: number.e164 }, reader)).status).toBe(404)
    expect(fixture.log()).not.toContain(number.nationalNumber)
    expect(fixture.log()).not.toContain(code)
  })

  it('gives the same number again for the same code, and spends it once', async () => {
    const code = await phoneCode()
    const answers = await Promise.all(Array.from({ length: 8 }, () => exchange({ phoneCode: code })))
    answers.push(await exchange({ phoneCode: code }))
    for (const { status, body } of answers)
      expect({ status, body }).toEqual({ status: 200, body: answers[0]?.body })
    expect((await fixture.wechat.exchanges()).get(code)).toBe(1)
  })

  it('gives it again at another process', async () => {
    const other = await fixture.startAnother()
    const code = await phoneCode()
    const first = await exchange({ phoneCode: code })
    const again = await other.post('/v1/exchange', { appid, phoneCode: code }, as)
    expect(again.body).toEqual(first.body)
    expect((await fixture.wechat.exchanges()).get(code)).toBe(1)
  })

  it('is an unknown code to another back end, and to a login', async () => {
    const code = await phoneCode()
    await exchange({ phoneCode: code })
    expect((await exchange({ phoneCode: code }, await newClient())).body.code).toBe('PHONE_CODE_INVALID')
    const login = { appid, loginCode: await fixture.wechat.loginCode('李雷'), phoneCode: code }
    expect((await fixture.post('/v1/login', login)).body.code).toBe('PHONE_CODE_INVALID')
  })

  it('is an unknown code with another openid than it was sent with first', async () => {
    const { body } = await fixture.post(
      '/v1/openid',
      { appid, loginCode: await fixture.wechat.loginCode('李雷') },
      as,
    )
    const code = await phoneCode()
    expect((await exchange({ phoneCode: code, openid: body.openid })).body).toEqual(number)
    expect((await exchange({ phoneCode: code, openid: body.openid })).body).toEqual(number)
    expect((await exchange({ phoneCode: code, openid: 'o-of-another' })).body.code).toBe('PHONE_CODE_INVALID')
    expect((await exchange({ phoneCode: code })).body.code).toBe('PHONE_CODE_INVALID')
  })

  it('is an unknown code to a client that was revoked and to one whose life is over', async () => {
    const code = await phoneCode()
    const client = await fixture.haoma.clients.create({ name: 'shop', scopes: ['exchange'] })
    expect((await exchange({ phoneCode: code }, basic(client))).status).toBe(200)
    await fixture.haoma.clients.revoke(client.clientId)
    await fixture.advance(5000)
    expect((await exchange({ phoneCode: code }, basic(client))).body.code).toBe('CLIENT_REQUIRED')
    const other = await phoneCode()
    await exchange({ phoneCode: other })
    await fixture.advance(400_000)
    expect((await exchange({ phoneCode: other })).body.code).toBe('PHONE_CODE_INVALID')
  })

  it('gives the number to the request that is sent again after a connection broke, and says when a code is lost', async () => {
    const code = await phoneCode()
    await fixture.wechat.fault({ kind: 'drop-before', path: paths.phone, count: 1 })
    expect((await exchange({ phoneCode: code })).body).toMatchObject({ action: 'retry' })
    expect((await exchange({ phoneCode: code })).body).toEqual(number)
    const spent = await phoneCode()
    await fixture.wechat.fault({ kind: 'drop-after', path: paths.phone, count: 1 })
    expect((await exchange({ phoneCode: spent })).body).toMatchObject({ action: 'retry' })
    expect((await exchange({ phoneCode: spent })).body.code).toBe('PHONE_CODE_LOST')
    expect(await fixture.ledgerOf(spent)).toMatchObject({ state: 'lost' })
  })

  it('knows no app outside the list of the client, and spends nothing for one', async () => {
    const code = await phoneCode()
    const other = await newClient([apps.shop.appid])
    expect((await exchange({ phoneCode: code }, other)).body.code).toBe('UNKNOWN_APP')
    expect((await exchange({ phoneCode: code, appid: 'wx0000' })).body.code).toBe('UNKNOWN_APP')
    expect((await exchange({ phoneCode: code })).body).toEqual(number)
  })

  it('says that a login code is none, before anything is spent', async () => {
    const loginCode = await fixture.wechat.loginCode('李雷')
    expect((await exchange({ phoneCode: loginCode })).body.code).toBe('LOGIN_CODE_AS_PHONE_CODE')
    expect(await fixture.wechat.calls(paths.phone)).toBe(0)
  })

  it('keeps the number for the repetition sealed', async () => {
    const code = await phoneCode()
    await exchange({ phoneCode: code })
    const stored = JSON.stringify(await fixture.storedCode('phone', code))
    expect(stored).toContain('answerSealed')
    expect(stored).not.toContain('13580006666')
    expect(stored).not.toContain(code)
  })
})

describe('POST /v1/openid', () => {
  const openid = (loginCode: string, headers = as, at = appid) =>
    fixture.post('/v1/openid', { appid: at, loginCode }, headers)

  it('gives the openid of a code, again for the same back end, and nothing to another', async () => {
    const code = await fixture.wechat.loginCode('李雷')
    const first = await openid(code)
    expect(first.body).toEqual({ openid: expect.stringMatching(/^o.{27}$/) })
    expect((await openid(code)).body).toEqual(first.body)
    expect(await fixture.wechat.calls(paths.login)).toBe(1)
    expect((await openid(code, await newClient())).body.code).toBe('LOGIN_CODE_INVALID')
    expect((await fixture.post('/v1/login', { appid, loginCode: code })).body.code).toBe('LOGIN_CODE_INVALID')
  })

  it('gives the unionid where there is one, also again', async () => {
    const code = await fixture.wechat.loginCode('李雷', apps.shop.appid)
    const first = await openid(code, as, apps.shop.appid)
    expect(first.body).toEqual({ openid: expect.any(String), unionid: expect.any(String) })
    expect((await openid(code, as, apps.shop.appid)).body).toEqual(first.body)
  })

  it('never gives the session key', async () => {
    const code = await fixture.wechat.loginCode('李雷')
    expect(JSON.stringify(await openid(code))).not.toMatch(/session/i)
    expect(fixture.log()).not.toMatch(/session_?key/i)
  })
})
