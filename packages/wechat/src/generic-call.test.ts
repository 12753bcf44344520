import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, appSecret, openStandIn, phoneCode, type StandIn } from '../test/stand-in.ts'
import { type App, createWeChat, type WeChat } from './index.ts'

let standIn: StandIn
let wechat: WeChat
let app: App

beforeEach(async () => {
  standIn = await openStandIn()
  wechat = createWeChat({ apps: [{ appid, appSecret }], hosts: [standIn.url] })
  app = wechat.app(appid)
})
afterEach(async () => {
  await wechat.close()
  await standIn.close()
})

describe('call', () => {
  it('gives the answer as it came, whatever its content type', async () => {
    standIn.route('/wxa/any', () => ({ errcode: 0, errmsg: 'ok', result: { a: 1 } }))
    const answer = await app.call<{ result: { a: number } }>('/wxa/any', { query: { q: '手机 &=' } })
    expect(answer.result.a).toBe(1)
    const { method, query } = standIn.seen.at(-1) ?? {}
    expect([method, query?.get('q')]).toEqual(['GET', '手机 &='])
  })

  it('repeats a call that can be repeated while WeChat is busy, and no other', async () => {
    let times = 0
    standIn.route('/wxa/any', () => (++times < 3 ? { errcode: -1, errmsg: 'system error' } : { errcode: 0 }))
    await app.call('/wxa/any', { body: {}, repeatable: true })
    expect(times).toBe(3)
    times = 0
    await expect(app.call('/wxa/any', { body: {} })).rejects.toMatchObject({ kind: 'busy' })
    expect(times).toBe(1)
  })

  it('does not begin a repeat that the deadline does not allow', async () => {
    standIn.route('/wxa/any', () => ({ errcode: -1, errmsg: 'system error' }))
    await expect(app.call('/wxa/any', { timeoutMs: 80 })).rejects.toMatchObject({ kind: 'busy' })
    expect(standIn.count('/wxa/any')).toBe(1)
  })

  it('never repeats a phone exchange, even when it is called by its path', async () => {
    standIn.route('/wxa/business/getuserphonenumber', () => 'cut')
    const call = app.call('/wxa/business/getuserphonenumber', { body: { code: phoneCode }, repeatable: true })
    await expect(call).rejects.toMatchObject({ code: 'ERR_WX_OUTCOME_UNKNOWN' })
    expect(standIn.count('/wxa/business/getuserphonenumber')).toBe(1)
  })

  it.each([
    'wxa/x',
    '/wxa/x?a=1',
    '/wxa/x#a',
    'https://evil/',
    '//evil.com/x',
    '/wxa/../cgi-bin/token',
    '/cgi-bin/./token',
    '/cgi-bin//token',
    '/cgi-bin/token/',
    '/cgi-bin/%74oken',
    '/cgi-bin/Token',
    '/cgi-bin/stable_token',
    '/cgi-bin/clear_quota/v2',
    '/sns/jscode2session',
    '/cgi-bin/token',
    '/',
    '',
    undefined,
    {},
  ])('refuses the path %j', async (path) => {
    await expect(app.call(path as string)).rejects.toMatchObject({
      code: 'ERR_WX_BAD_OPTION',
      texts: { zh: expect.stringContaining('path') },
    })
    expect(standIn.seen).toHaveLength(0)
  })

  it.each([
    ['query', { query: { access_token: 'mine' } }],
    ['query.a', { query: { a: undefined } }],
    ['query.a', { query: { a: ['x'] } }],
    ['query', { query: 'a=1' }],
    ['method', { method: 'PUT' }],
    ['body', { method: 'GET', body: {} }],
    ['body', { method: 'GET', form: new FormData() }],
    ['body', { body: 'text' }],
    ['body', { body: { a: 1n } }],
    ['form', { form: {} }],
    ['form', { form: new FormData(), body: {} }],
    ['answer', { answer: 'text' }],
  ])('refuses %s in %o', async (name, options) => {
    await expect(app.call('/wxa/any', options as never)).rejects.toMatchObject({
      code: 'ERR_WX_BAD_OPTION',
      message: expect.stringContaining(name),
    })
    expect(standIn.seen).toHaveLength(0)
  })

  it('takes a body whose type is an interface', async () => {
    interface Message {
      readonly touser: string
    }
    const message: Message = { touser: 'o' }
    await app.call('/wxa/any', { body: message })
    expect(standIn.seen.at(-1)?.body).toBe('{"touser":"o"}')
  })

  describe('for a file', () => {
    const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x7b])
    const code = { body: { scene: 'a=1' }, answer: 'bytes' } as const

    it('gives the bytes and their content type', async () => {
      const headers = { 'content-type': 'image/jpeg' }
      standIn.route('/wxa/getwxacodeunlimit', () => ({ status: 200, text: picture, headers }))
      const { bytes, contentType } = await app.call('/wxa/getwxacodeunlimit', code)
      expect([Buffer.from(bytes), contentType]).toEqual([picture, 'image/jpeg'])
      expect(standIn.seen.at(-1)?.body).toBe('{"scene":"a=1"}')
    })

    it.each(['application/json; charset=UTF-8', 'image/jpeg', 'text/plain'])(
      'throws the error that WeChat answers as %s in its place',
      async (type) => {
        const text = ' {"errcode":41030,"errmsg":"invalid page rid: 617682e0-09059ac5-34a8e2ea"}'
        const headers = { 'content-type': type }
        standIn.route('/wxa/getwxacodeunlimit', () => ({ status: 200, text, headers }))
        await expect(app.call('/wxa/getwxacodeunlimit', code)).rejects.toMatchObject({
          name: 'WxApiError',
          errcode: 41030,
          rid: '617682e0-09059ac5-34a8e2ea',
        })
      },
    )

    it('repeats the call with another token when the first is refused', async () => {
      await app.getAccessToken()
      standIn.replaceToken()
      standIn.route(
        '/wxa/getwxacodeunlimit',
        ({ query }) => standIn.refusal(query) ?? { status: 200, text: picture },
      )
      expect(await app.call('/wxa/getwxacodeunlimit', code)).toMatchObject({ contentType: '' })
    })

    it.each([
      ['nothing', { status: 200, text: '' }],
      ['a page', { status: 200, text: '<html>', headers: { 'content-type': 'text/html' } }],
      ["a gateway's page", { status: 502, text: picture }],
    ])('refuses %s', async (_, reply) => {
      standIn.route('/wxa/getwxacodeunlimit', () => reply)
      await expect(app.call('/wxa/getwxacodeunlimit', code)).rejects.toMatchObject({
        code: 'ERR_WX_BAD_RESPONSE',
      })
    })
  })

  it('uploads a form with its length, once per try and the same each time', async () => {
    const form = new FormData()
    form.append('media', new Blob([Buffer.from([1, 2, 3, 0xff])], { type: 'image/png' }), 'a.png')
    form.append('name', '手机')
    let times = 0
    standIn.route('/wxa/img_sec_check', () =>
      ++times < 2 ? { errcode: -1, errmsg: 'busy' } : { errcode: 0 },
    )
    await app.call('/wxa/img_sec_check', { form, repeatable: true })
    const [first, second] = standIn.seen.filter(({ path }) => path === '/wxa/img_sec_check')
    expect(first?.bytes).toEqual(second?.bytes)
    expect(first?.method).toBe('POST')
    expect(first?.headers['transfer-encoding']).toBeUndefined()
    expect(first?.headers['content-length']).toBe(String(first?.bytes.length))
    const type = first?.headers['content-type'] ?? ''
    const read = await new Response(first?.bytes, { headers: { 'content-type': type } }).formData()
    const media = read.get('media') as File
    expect([media.name, media.type, read.get('name')]).toEqual(['a.png', 'image/png', '手机'])
    expect(new Uint8Array(await media.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3, 0xff]))
  })

  it('explains the empty 412 that a chunked body gets', async () => {
    standIn.route('/wxa/any', () => ({ status: 412, text: '' }))
    await expect(app.call('/wxa/any', { body: {} })).rejects.toMatchObject({
      code: 'ERR_WX_BAD_RESPONSE',
      status: 412,
      message: expect.stringContaining('Content-Length'),
    })
  })

  it('tells an unknown errcode as it came and does not repeat it', async () => {
    standIn.route('/wxa/any', () => ({
      errcode: 123456,
      errmsg: 'something new rid: 617682e0-09059ac5-34a8e2ea',
    }))
    await expect(app.call('/wxa/any')).rejects.toMatchObject({
      code: 'ERR_WX_UNKNOWN',
      errcode: 123456,
      rid: '617682e0-09059ac5-34a8e2ea',
      retryable: false,
    })
    expect(standIn.count('/wxa/any')).toBe(1)
  })
})
