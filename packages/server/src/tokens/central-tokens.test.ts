import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, basic, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { apps, paths } from '../../test/support/simulated-wechat.ts'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(() => fixture.close())

const client = (appids?: string[]) =>
  fixture.haoma.clients.create({ name: 'back end', scopes: ['token'], appids })
const stableToken = (body: object) => fixture.post('/cgi-bin/stable_token', body)
const asked = (secret: string, more: object = {}) => ({
  grant_type: 'client_credential',
  appid,
  secret,
  ...more,
})

describe('the drop-in token paths', () => {
  it('answer in WeChat’s form, with the token of WeChat', async () => {
    const { clientSecret } = await client()
    const { status, body } = await stableToken(asked(clientSecret))
    expect(status).toBe(200)
    expect(body).toEqual({ access_token: expect.stringMatching(/^92_/), expires_in: 240 })
    const query = new URLSearchParams(asked(clientSecret))
    for (const answer of [
      await fixture.get(`/cgi-bin/token?${query}`),
      await fixture.send('POST', '/cgi-bin/token', { body: query }),
      await fixture.post('/cgi-bin/token', asked(clientSecret)),
      await stableToken(asked(clientSecret, { force_refresh: true })),
    ]) {
      expect(answer.body).toEqual(body)
    }
    expect(await fixture.wechat.calls(paths.token)).toBe(1)
  })

  it.each([
    [44002, 'an empty body', ''],
    [47001, 'a body that is no JSON object', '[1]'],
    [41002, 'no appid', '{}'],
    [40002, 'no grant_type', JSON.stringify({ appid })],
    [41004, 'no secret', JSON.stringify({ appid, grant_type: 'client_credential' })],
    [40125, 'a wrong secret', JSON.stringify(asked('0'.repeat(32)))],
    [40125, 'the AppSecret itself', JSON.stringify(asked(apps.single.appSecret))],
  ])('refuse with %i, as WeChat does, %s', async (errcode, _name, body) => {
    const answer = await fixture.send('POST', '/cgi-bin/stable_token', { body })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      errcode,
      errmsg: expect.stringMatching(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
    })
  })

  it('say 43002 to a GET of stable_token, and 40066 for any other path', async () => {
    expect((await fixture.get('/cgi-bin/stable_token')).body.errcode).toBe(43002)
    expect((await fixture.get('/cgi-bin/user/info')).body.errcode).toBe(40066)
  })

  it('know no app outside the list of the client, nor one that nobody registered', async () => {
    const { clientSecret } = await client([apps.shop.appid])
    expect((await stableToken(asked(clientSecret))).body.errcode).toBe(40013)
    expect(
      (await stableToken(asked(clientSecret, { appid: apps.shop.appid }))).body.access_token,
    ).toBeDefined()
    const all = await client()
    expect((await stableToken(asked(all.clientSecret, { appid: 'wx0000' }))).body.errcode).toBe(40013)
  })

  it('give the token that took the place of a dead one to whoever asks again, asking WeChat at most once in 5 s', async () => {
    const { clientSecret } = await client()
    const first = (await stableToken(asked(clientSecret))).body.access_token
    await fixture.wechat.replaceToken(appid)
    // Just told: what is seconds old is not asked for again.
    for (let i = 0; i < 20; i += 1) await stableToken(asked(clientSecret))
    expect(await fixture.wechat.calls(paths.token)).toBe(1)
    await fixture.advance(5000)
    const second = (await stableToken(asked(clientSecret))).body.access_token
    expect(second).not.toBe(first)
    const calls = await fixture.wechat.calls(paths.token)
    const again = await Promise.all(Array.from({ length: 20 }, () => stableToken(asked(clientSecret))))
    expect(new Set(again.map(({ body }) => body.access_token))).toEqual(new Set([second]))
    expect(await fixture.wechat.calls(paths.token)).toBe(calls)
  })

  it('never pass force_refresh on', async () => {
    const { clientSecret } = await client()
    const first = (await stableToken(asked(clientSecret, { force_refresh: true }))).body.access_token
    await fixture.advance(6000)
    const second = (await stableToken(asked(clientSecret, { force_refresh: true }))).body.access_token
    expect(second).toBe(first)
  })

  it('give the token in hand while WeChat is away', async () => {
    const { clientSecret } = await client()
    const first = (await stableToken(asked(clientSecret))).body.access_token
    await fixture.wechat.fault({ kind: 'errcode', path: paths.token, errcode: -1, count: 100 })
    await fixture.advance(6000)
    expect((await stableToken(asked(clientSecret))).body.access_token).toBe(first)
  })

  it('answer -1 when there is no token to be had, and keep the cause for the log', async () => {
    const { clientSecret } = await client()
    await fixture.wechat.fault({ kind: 'errcode', path: paths.token, errcode: 40164, count: 100 })
    expect((await stableToken(asked(clientSecret))).body).toMatchObject({ errcode: -1 })
    expect(fixture.log()).toContain('40164')
  })
})

/**
 * How long SDKs keep a token of which they were told that it lives for `expires_in` seconds, by their own code:
 * Senparc.Weixin `ApiUtility.GetExpiryTimeSpan`, EasyWeChat `AccessToken::getToken`, WxJava
 * `WxMaDefaultConfigImpl.updateAccessToken`, wechatpy `BaseWeChatClient.access_token`, silenceper/wechat
 * `DefaultAccessToken` and `StableAccessToken`; and the job that many write themselves.
 */
const keeps: Record<string, { tokenMarginS: number; seconds: (expiresIn: number) => number }> = {
  'Senparc.Weixin': {
    tokenMarginS: 0,
    seconds: (life) => life - (life > 3600 ? 600 : life > 1800 ? 300 : life > 300 ? 30 : 0),
  },
  EasyWeChat: { tokenMarginS: 0, seconds: (life) => life },
  WxJava: { tokenMarginS: 0, seconds: (life) => life - 200 },
  wechatpy: { tokenMarginS: 0, seconds: (life) => life - 60 },
  'silenceper/wechat': { tokenMarginS: 1500, seconds: (life) => life - 1500 },
  'silenceper/wechat, stable': { tokenMarginS: 300, seconds: (life) => life - 300 },
  'a job that renews five minutes ahead': { tokenMarginS: 300, seconds: (life) => life - 300 },
}

describe.each(Object.entries(keeps))('what %s is told of the life of a token', (_name, sdk) => {
  it('is long enough to be kept, and never outlives the five minutes of a token that was replaced', async () => {
    const { tokenMarginS } = sdk
    const grant = { name: 'sdk', scopes: ['token'], tokenMarginS } as const
    const { clientSecret } = await fixture.haoma.clients.create(grant)
    const { body } = await stableToken(asked(clientSecret))
    expect(sdk.seconds(body.expires_in)).toBeGreaterThanOrEqual(30)
    expect(sdk.seconds(body.expires_in)).toBeLessThanOrEqual(240)
  })
})

describe('POST /v1/apps/:appid/access-token', () => {
  const path = `/v1/apps/${appid}/access-token`

  it('gives the token, and another one for a token that WeChat refused', async () => {
    const as = basic(await client())
    const first = await fixture.post(path, {}, as)
    expect(first.body).toEqual({ accessToken: expect.stringMatching(/^92_/), expiresInS: expect.any(Number) })
    expect(first.headers.get('cache-control')).toBe('no-store')
    await fixture.wechat.replaceToken(appid)
    expect((await fixture.post(path, {}, as)).body.accessToken).toBe(first.body.accessToken)
    const second = await fixture.post(path, { failedToken: first.body.accessToken }, as)
    expect(second.body.accessToken).not.toBe(first.body.accessToken)
    const calls = await fixture.wechat.calls(paths.token)
    const late = await fixture.post(path, { failedToken: first.body.accessToken }, as)
    expect(late.body.accessToken).toBe(second.body.accessToken)
    expect(await fixture.wechat.calls(paths.token)).toBe(calls)
  })

  it('knows no app outside the list of the client', async () => {
    const as = basic(await client([apps.shop.appid]))
    expect((await fixture.post(path, {}, as)).body.code).toBe('UNKNOWN_APP')
    expect((await fixture.post('/v1/apps/wx0000/access-token', {}, basic(await client()))).body.code).toBe(
      'UNKNOWN_APP',
    )
  })
})

it('the refresher keeps every app warm, and notices a token that was replaced', async () => {
  const { clientSecret } = await client()
  await fixture.haoma.housekeep()
  const warm = await fixture.wechat.calls(paths.token)
  expect(warm).toBeGreaterThanOrEqual(Object.keys(apps).length)
  const first = (await stableToken(asked(clientSecret))).body.access_token
  expect(await fixture.wechat.calls(paths.token)).toBe(warm)
  await fixture.wechat.replaceToken(appid, { overlap: true })
  await fixture.haoma.housekeep()
  expect((await stableToken(asked(clientSecret))).body.access_token).not.toBe(first)
})

it('no secret of a client is in the log, wherever it stood', async () => {
  const { clientId, clientSecret } = await client()
  const wrong = '0123456789abcdef0123456789abcdef'
  for (const secret of [clientSecret, wrong]) {
    await fixture.get(`/cgi-bin/token?${new URLSearchParams(asked(secret))}`)
    await stableToken(asked(secret))
    await fixture.post(`/v1/apps/${appid}/access-token`, {}, basic({ clientId, clientSecret: secret }))
  }
  const encoded = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  for (const secret of [clientSecret, wrong, encoded]) expect(fixture.log()).not.toContain(secret)
})
