import { channel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSecret, createWeChat, isWxError, type WeChat } from '../src/index.ts'
import {
  appid,
  appSecret,
  loginCode,
  openStandIn,
  phoneAnswer,
  phoneCode,
  type Reply,
  type StandIn,
} from './stand-in.ts'

const sessionKey = 'HyVFkGl5F5OQWJZZaNzBBg=='
const phone = '13580006666'
const tokens: string[] = []
let standIn: StandIn
let wechat: WeChat

beforeAll(async () => {
  standIn = await openStandIn()
  wechat = createWeChat({ apps: [{ appid, appSecret: createSecret(appSecret) }], hosts: [standIn.url] })
})
afterAll(async () => {
  await wechat.close()
  await standIn.close()
})

/** Everything a log could make of a value. */
function printed(value: unknown): string {
  const options = { depth: 20, showHidden: true, getters: true, maxStringLength: null }
  const parts = [inspect(value, options), inspect(value), String(value), JSON.stringify(value)]
  for (let at = value as Error | undefined; at instanceof Error; at = at.cause as Error | undefined) {
    parts.push(at.message, String(at.stack), JSON.stringify(at), inspect(at, options))
  }
  return parts.join('\n')
}

function expectNoSecret(text: string): void {
  for (const secret of [appSecret, phoneCode, loginCode, sessionKey, phone, ...tokens]) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(encodeURIComponent(secret))
  }
}

const replies: [string, Reply][] = [
  ['a cut connection', 'cut'],
  ['no answer', 'hang'],
  ['busy', { errcode: -1, errmsg: 'system error' }],
  ['a refused code', { errcode: 40029, errmsg: 'invalid code hint: [x] rid: 617682e0-09059ac5-34a8e2ea' }],
  ['a refused token', { errcode: 40001, errmsg: 'invalid credential' }],
  [
    'half an answer',
    { status: 200, text: `{"session_key":"${sessionKey}","phone_info":{"phoneNumber":"${phone}"` },
  ],
  [
    'an answer that lacks its parts',
    { errcode: 0, session_key: sessionKey, phone_info: { phoneNumber: '' } },
  ],
  ['data of another app', phoneAnswer({ watermark: { timestamp: 1, appid: 'wxother' } })],
  ["a gateway's page", { status: 502, text: `<html>${sessionKey}</html>` }],
]

it.each(replies)('no error, event or handle prints a secret on %s', async (_, reply) => {
  const published: unknown[] = []
  const listen = (message: unknown) => void published.push(message)
  const names = [
    'request',
    'response',
    'token.refreshed',
    'token.refresh-failed',
    'circuit.opened',
    'store.down',
  ]
  for (const name of names) channel(`haoma.wechat.${name}`).subscribe(listen)

  for (const path of ['/wxa/business/getuserphonenumber', '/sns/jscode2session', '/wxa/any']) {
    standIn.route(path, () => reply)
  }
  const app = wechat.app(appid)
  const options = { timeoutMs: 300 }
  const unreachable = createWeChat({ apps: [{ appid, appSecret }], hosts: ['http://127.0.0.1:1'] })
  const outcomes = await Promise.allSettled([
    app.getPhoneNumber({ phoneCode, openid: 'oUser' }, options),
    app.getPhoneNumber({ phoneCode: loginCode }, options),
    app.code2Session({ loginCode }, options),
    app.code2Session({ loginCode: phoneCode }, options),
    app.call('/wxa/any', { ...options, body: { code: phoneCode } }),
    app.checkSession({ openid: 'oUser', sessionKey }, options),
    wechat.withAccessToken(standIn.replaceToken(), { appid }).getPhoneNumber({ phoneCode }, options),
    unreachable.app(appid).code2Session({ loginCode }),
  ])
  await unreachable.close()
  tokens.push(...standIn.seen.map(({ query }) => query.get('access_token')).filter((token) => token !== null))

  const errors = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))
  expect(errors.filter(isWxError).length).toBeGreaterThan(3)
  expect(tokens.length).toBeGreaterThan(0)
  expect(published.length).toBeGreaterThan(0)
  for (const error of errors) expectNoSecret(printed(error))
  expectNoSecret(printed(published))
  expectNoSecret(printed([wechat, app, wechat.health()]))
  for (const name of names) channel(`haoma.wechat.${name}`).unsubscribe(listen)
})

it('a secret shows as [secret] wherever it may be printed', () => {
  const secret = createSecret('seeded')
  const shown = [
    inspect(secret),
    inspect({ secret }, { showHidden: true }),
    JSON.stringify({ secret }),
    `${secret}`,
  ]
  for (const text of shown) {
    expect(text).toContain('[secret]')
    expect(text).not.toContain('seeded')
  }
  expect(Object.values(structuredClone({ ...secret }))).toEqual([])
  expect(secret.reveal()).toBe('seeded')
})

it('results print neither session key nor access token', async () => {
  standIn.route('/sns/jscode2session', () => ({ session_key: sessionKey, openid: 'oUser' }))
  const results = [
    await wechat.app(appid).code2Session({ loginCode }),
    await wechat.app(appid).getAccessToken(),
  ]
  expectNoSecret(printed(results))
  expect(printed(results)).not.toContain(standIn.currentToken())
})
