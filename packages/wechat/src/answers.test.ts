import { afterEach, describe, expect, it } from 'vitest'
import { appid, appSecret, loginCode, phoneAnswer, phoneCode } from '../test/stand-in.ts'
import {
  type App,
  createWeChat,
  fetchTransport,
  isWxError,
  type Transport,
  type TransportRequest,
  type WeChat,
  WxTransportError,
  WxUnreadableAnswerError,
} from './index.ts'

let wechat: WeChat | undefined
afterEach(() => wechat?.close())

/** An app whose calls are answered as told, the token apart. */
function appThat(answer: (request: TransportRequest) => unknown): { app: App; sent: string[] } {
  const sent: string[] = []
  const transport = {
    async request(request: TransportRequest) {
      if (request.path.startsWith('/cgi-bin/stable_token'))
        return json({ access_token: 'T', expires_in: 7200 })
      sent.push(request.path)
      return answer(request)
    },
  }
  wechat = createWeChat({ apps: [{ appid, appSecret }], transport: transport as Transport })
  return { app: wechat.app(appid), sent }
}

const text = (body: string, status = 200) => ({ status, headers: {}, body })
const json = (value: unknown) => text(JSON.stringify(value))
const phoneOf = (answer: unknown) => appThat(() => answer).app.getPhoneNumber({ phoneCode })
const loginOf = (answer: unknown) => appThat(() => answer).app.code2Session({ loginCode })

describe('a whole answer that cannot be read', () => {
  it.each([
    ['no phone_info', { errcode: 0, errmsg: 'ok' }],
    ['phone_info null', { errcode: 0, phone_info: null }],
    ['phone_info a text', { errcode: 0, phone_info: '13580006666' }],
    ['phone_info a list', { errcode: 0, phone_info: [] }],
    ['no number', phoneAnswer({ purePhoneNumber: null, phoneNumber: null })],
    ['a masked number', phoneAnswer({ purePhoneNumber: '135****6666', phoneNumber: '135****6666' })],
    ['no watermark', phoneAnswer({ watermark: null })],
    ['a watermark without appid', phoneAnswer({ watermark: { timestamp: 1 } })],
    ['an errcode that is no number', { ...phoneAnswer(), errcode: 'abc' }],
    ['an errcode that is an object', { ...phoneAnswer(), errcode: {} }],
    ['no object', []],
    ['null', null],
  ])('of a phone code is final and kept whole: %s', async (_, answer) => {
    const error = await phoneOf(json(answer)).catch((e) => e)
    expect(error).toBeInstanceOf(WxUnreadableAnswerError)
    expect(error).toMatchObject({
      code: 'ERR_WX_UNREADABLE_ANSWER',
      kind: 'unreadable',
      retryable: false,
      mustTapAgain: false,
      mustLoginAgain: false,
    })
    expect(JSON.parse(error.answer.reveal())).toEqual(answer)
    expect(JSON.stringify(error)).not.toContain('1358')
    expect(error.texts.zh).toContain('很可能已被消费')
  })

  it.each([
    ['an empty openid', { openid: '', session_key: 'k==' }],
    ['an openid of spaces', { openid: '  ', session_key: 'k==' }],
    ['openid null', { openid: null, session_key: 'k==' }],
    ['an empty session_key', { openid: 'o', session_key: '' }],
    ['nothing', {}],
  ])('of a login code signs nobody in: %s', async (_, answer) => {
    await expect(loginOf(json(answer))).rejects.toMatchObject({ code: 'ERR_WX_UNREADABLE_ANSWER' })
  })

  it('of any other call is a WxError too, whatever is null in it', async () => {
    const { app } = appThat(() => json({ errcode: 0, quota: null, request: null, openid: null }))
    const calls = [
      app.getQuota({ path: '/wxa/x' }),
      app.getRid({ rid: 'r' }),
      app.getChargeUsage({ spuId: '1' }),
      app.getRecentAverageUsage({ spuId: '1' }),
      app.resetSessionKey({ openid: 'o', sessionKey: 'k' }),
    ]
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'ERR_WX_UNREADABLE_ANSWER' })
  })

  it('loses no more than the part that cannot be read', async () => {
    const usage = { errcode: 0, all: '1000', effectiveUse: 12, detailList: [null, 7, { pkgId: 'p' }] }
    const { packs, remaining } = await appThat(() => json(usage)).app.getChargeUsage({ spuId: '1' })
    expect(remaining).toBe(988)
    expect(packs).toMatchObject([
      { packageId: 'p', startsAt: undefined, endsAt: undefined, total: undefined },
    ])
    const noTime = await phoneOf(json(phoneAnswer({ watermark: { appid } })))
    expect(noTime).toMatchObject({ e164: '+8613580006666', capturedAt: undefined })
  })

  it('of another app keeps the answer, because the code is spent', async () => {
    const other = phoneAnswer({ watermark: { appid: 'wxother', timestamp: 1 } })
    const error = await phoneOf(json(other)).catch((e) => e)
    expect(error).toMatchObject({ code: 'ERR_WX_APPID_MISMATCH', retryable: false })
    expect(JSON.parse(error.answer.reveal())).toEqual(other)
  })
})

describe('an answer', () => {
  it.each([[null], [''], [false], ['0'], [0], ['0.0'], [undefined]])(
    'with errcode %j is a success',
    async (errcode) => {
      expect(await phoneOf(json({ ...phoneAnswer(), errcode }))).toMatchObject({ e164: '+8613580006666' })
    },
  )

  it.each([[40029], ['40029'], [' 40029 ']])('with errcode %j is an error', async (errcode) => {
    await expect(phoneOf(json({ errcode, errmsg: 'invalid code' }))).rejects.toMatchObject({ errcode: 40029 })
  })

  it('is read with a byte-order mark and with control characters in its texts', async () => {
    const { app } = appThat(() => text('\ufeff{"errcode":0,\n"title":"a\tb\nc \\"d\\"\u0001"}'))
    expect(await app.call('/wxa/any')).toEqual({ errcode: 0, title: 'a\tb\nc "d"\u0001' })
  })

  it.each([
    ['half an object', text('{"phone_info":{')],
    ['a page', text('<html></html>')],
    ['nothing', text('')],
    ['a redirect with an object', text('{}', 302)],
    ['the status 0 of a browser', text('', 0)],
    ["a gateway's page", text('<html></html>', 502)],
    ['an answer without status', { body: '{}' }],
    ['no answer', undefined],
    ['a body that is no text', { status: 200, body: {} }],
  ])('to a single-use code that is not of WeChat leaves the outcome unknown: %s', async (_, answer) => {
    const { app, sent } = appThat(() => answer)
    const error = await app.getPhoneNumber({ phoneCode }).catch((e) => e)
    expect(error).toMatchObject({ code: 'ERR_WX_OUTCOME_UNKNOWN', cause: { code: 'ERR_WX_BAD_RESPONSE' } })
    expect(sent).toHaveLength(1)
  })

  it('that redirects is followed nowhere, also where fetch makes it opaque', async () => {
    const asked: string[] = []
    const fetch = (async (url: string, init: RequestInit) => {
      asked.push(`${init.redirect} ${new URL(url).pathname}`)
      if (url.includes('stable_token')) return Response.json({ access_token: 'T', expires_in: 7200 })
      return { status: 0, type: 'opaqueredirect', headers: new Headers(), body: null }
    }) as typeof globalThis.fetch
    wechat = createWeChat({ apps: [{ appid, appSecret }], transport: fetchTransport({ fetch }) })
    await expect(wechat.app(appid).call('/wxa/any')).rejects.toMatchObject({
      code: 'ERR_WX_BAD_RESPONSE',
      status: 0,
    })
    expect(asked).toEqual(['manual /cgi-bin/stable_token', 'manual /wxa/any'])
  })
})

describe('a transport of the user', () => {
  it.each([
    ['an error', new Error('ECONNRESET POST /wxa/x?access_token=SEEDED')],
    ['an error with headers', Object.assign(new Error('failed'), { config: { headers: 'SEEDED' } })],
    ['a text', 'access_token=SEEDED'],
    ['nothing', undefined],
  ])(
    'that rejects with %s counts as sent, and nothing of it is kept but a plain cause',
    async (_, thrown) => {
      const { app } = appThat(() => {
        throw thrown
      })
      const error = await app.getPhoneNumber({ phoneCode }).catch((e) => e)
      expect(error).toMatchObject({ code: 'ERR_WX_OUTCOME_UNKNOWN', retryable: false })
      const cause = error.cause as WxTransportError
      expect(cause).toMatchObject({ code: 'ERR_WX_CONNECTION_LOST', requestSent: true })
      expect([error.message, cause.message, String(cause.cause), JSON.stringify(cause)].join()).not.toContain(
        'SEEDED',
      )
      const other = await app.call('/wxa/any', { body: {} }).catch((e) => e)
      expect(isWxError(other)).toBe(true)
    },
  )

  it('that heeds neither time nor signal hangs nobody', async () => {
    const { app } = appThat(() => new Promise(() => {}))
    const late = app.getPhoneNumber({ phoneCode }, { timeoutMs: 10 })
    await expect(late).rejects.toMatchObject({ cause: { code: 'ERR_WX_TIMEOUT', requestSent: true } })
    const stop = new AbortController()
    const unwanted = app.getPhoneNumber({ phoneCode }, { signal: stop.signal })
    stop.abort()
    await expect(unwanted).rejects.toMatchObject({ name: expect.stringMatching('Wx') })
  })

  it('is believed when it says that nothing was sent', async () => {
    const { app } = appThat(() => {
      throw new WxTransportError('ERR_WX_NOT_SENT', { requestSent: false })
    })
    await expect(app.getPhoneNumber({ phoneCode })).rejects.toMatchObject({ code: 'ERR_WX_NOT_SENT' })
  })
})
