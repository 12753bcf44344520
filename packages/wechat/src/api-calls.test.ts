import { createHash, createHmac } from 'node:crypto'
import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, appSecret, openStandIn, phoneCode, type StandIn } from '../test/stand-in.ts'
import { type App, createWeChat, type WeChat } from './index.ts'

const sessionKey = 'HyVFkGl5F5OQWJZZaNzBBg=='
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

describe('checkSession', () => {
  it('signs the empty text with the session key as it is, not decoded', async () => {
    expect(await app.checkSession({ openid: 'oUser', sessionKey })).toBe(true)
    const query = Object.fromEntries(standIn.seen.at(-1)?.query ?? [])
    expect(query).toMatchObject({
      openid: 'oUser',
      sig_method: 'hmac_sha256',
      signature: createHmac('sha256', sessionKey).update('').digest('hex'),
    })
    expect(query.signature).toBe('252b75c92698025afe925b29cca5517fdf9ee67aae072cf3225ebf3a53783058')
  })

  it.each([87007, 87009])('gives false for errcode %i and throws any other', async (errcode) => {
    standIn.route('/wxa/checksession', () => ({ errcode, errmsg: 'invalid signature rid: x' }))
    expect(await app.checkSession({ openid: 'oUser', sessionKey })).toBe(false)
    standIn.route('/wxa/checksession', () => ({ errcode: 40003, errmsg: 'invalid openid rid: x' }))
    await expect(app.checkSession({ openid: 'oUser', sessionKey })).rejects.toMatchObject({ errcode: 40003 })
  })
})

describe('resetSessionKey', () => {
  it('is a GET, made once, and gives the new key', async () => {
    standIn.route('/wxa/resetusersessionkey', () => ({
      errcode: 0,
      errmsg: 'ok',
      openid: 'oUser',
      session_key: 'bmV3IGtleSBuZXcga2V5IQ==',
    }))
    const { sessionKey: fresh } = await app.resetSessionKey({ openid: 'oUser', sessionKey })
    expect(fresh.reveal()).toBe('bmV3IGtleSBuZXcga2V5IQ==')
    expect(standIn.seen.at(-1)?.method).toBe('GET')
    standIn.route('/wxa/resetusersessionkey', () => 'cut')
    await expect(app.resetSessionKey({ openid: 'oUser', sessionKey })).rejects.toMatchObject({
      code: 'ERR_WX_CONNECTION_LOST',
    })
    expect(standIn.count('/wxa/resetusersessionkey')).toBe(2)
  })
})

describe('checkEncryptedMsg', () => {
  it('sends only a hash and reads the field that WeChat spells vaild', async () => {
    standIn.route('/wxa/business/checkencryptedmsg', () => ({
      errcode: 0,
      errmsg: 'ok',
      vaild: true,
      create_time: 1629121902,
    }))
    expect(await app.checkEncryptedMsg({ encryptedData: 'abc' })).toEqual({
      isValid: true,
      createdAt: new Date(1629121902_000),
    })
    expect(JSON.parse(standIn.seen.at(-1)?.body ?? '')).toEqual({
      encrypted_msg_hash: createHash('sha256').update('abc').digest('hex'),
    })
  })
})

describe('quota and rid', () => {
  it('gives the quota of a call and keeps what WeChat adds', async () => {
    standIn.route('/cgi-bin/openapi/quota/get', () => ({
      errcode: 0,
      errmsg: 'ok',
      quota: { daily_limit: 50000, used: 3, remain: 49997 },
      rate_limit: { call_count: 1000, refresh_second: 60 },
      new_field: 1,
    }))
    expect(await app.getQuota({ path: '/wxa/business/getuserphonenumber' })).toEqual({
      dailyLimit: 50000,
      used: 3,
      remaining: 49997,
      rateLimit: { callCount: 1000, refreshS: 60 },
      new_field: 1,
    })
    expect(JSON.parse(standIn.seen.at(-1)?.body ?? '')).toEqual({
      cgi_path: '/wxa/business/getuserphonenumber',
    })
  })

  it('clears by token, by path and by AppSecret, each once', async () => {
    await app.clearQuota()
    expect(JSON.parse(standIn.seen.at(-1)?.body ?? '')).toEqual({ appid })
    await app.clearApiQuota({ path: '/wxa/x' })
    expect(JSON.parse(standIn.seen.at(-1)?.body ?? '')).toEqual({ cgi_path: '/wxa/x' })
    standIn.route('/cgi-bin/clear_quota/v2', () => ({ errcode: 0, errmsg: 'ok' }))
    await app.clearQuotaWithSecret()
    expect(JSON.parse(standIn.seen.at(-1)?.body ?? '')).toEqual({ appid, appsecret: appSecret })
    expect(standIn.seen.at(-1)?.query.size).toBe(0)
    standIn.route('/cgi-bin/clear_quota', () => ({ errcode: -1, errmsg: 'system error' }))
    await expect(app.clearQuota()).rejects.toMatchObject({ kind: 'busy', retryable: true })
    expect(standIn.count('/cgi-bin/clear_quota')).toBe(2)
  })

  it('looks up a rid without letting its texts print', async () => {
    standIn.route('/cgi-bin/openapi/rid/get', () => ({
      errcode: 0,
      errmsg: 'ok',
      request: {
        invoke_time: 1635156704,
        cost_in_ms: 30,
        request_url: 'access_token=leaked',
        request_body: '{"code":"leaked"}',
        response_body: '{"phone":"leaked"}',
        client_ip: '203.0.113.7',
      },
    }))
    const found = await app.getRid({ rid: '617682e0-09059ac5-34a8e2ea' })
    expect(found.invokedAt).toEqual(new Date(1635156704_000))
    expect(found.responseBody.reveal()).toContain('leaked')
    expect(JSON.stringify(found)).not.toContain('leaked')
  })
})

describe('charge', () => {
  it('gives what is left of the paid calls, with texts read as numbers', async () => {
    standIn.route('/wxa/charge/usage/get', () => ({
      errcode: 0,
      errmsg: 'ok',
      all: '1000',
      effectiveUse: '12',
      total: 1,
      detailList: [
        {
          pkgId: 'p1',
          status: 1,
          startTime: 1693152000,
          endTime: 4294967295,
          all: 1000,
          used: 12,
          spuId: '10000077',
          skuId: '20000093',
          source: 1,
        },
      ],
    }))
    const usage = await app.getChargeUsage({ spuId: '10000077' })
    expect(usage).toMatchObject({ total: 1000, used: 12, remaining: 988, packCount: 1 })
    expect(usage.packs[0]).toMatchObject({ packageId: 'p1', status: 'active', endsAt: undefined, source: 1 })
    expect(Object.fromEntries(standIn.seen.at(-1)?.query ?? [])).toMatchObject({
      spuId: '10000077',
      offset: '0',
      limit: '20',
    })
  })

  it('gives the mean use', async () => {
    standIn.route('/wxa/charge/usage/get_recent_average', () => ({
      errcode: 0,
      errmsg: 'ok',
      averageData: 42,
    }))
    expect(await app.getRecentAverageUsage({ spuId: '10000077' })).toEqual({ averageUsage: 42 })
  })
})

describe('a token that is replaced again and again', () => {
  it('fails a call after two repeats, and the next one begins with a living token', async () => {
    const path = '/wxa/any'
    let isReplacedAtOnce = true
    standIn.route(path, ({ query }) => {
      if (isReplacedAtOnce) standIn.replaceToken()
      return standIn.refusal(query) ?? { errcode: 0, errmsg: 'ok' }
    })
    await expect(app.call(path)).rejects.toMatchObject({ kind: 'token' })
    expect(standIn.count(path)).toBe(3)
    isReplacedAtOnce = false
    await app.call(path)
    expect(standIn.count(path)).toBe(4)
  })
})

describe('withAccessToken', () => {
  it('uses the token as it is and leaves its refusal to the caller', async () => {
    const token = standIn.replaceToken()
    const calls = wechat.withAccessToken(token, { appid })
    expect((await calls.getPhoneNumber({ phoneCode })).e164).toBe('+8613580006666')
    standIn.replaceToken()
    await expect(calls.getPhoneNumber({ phoneCode })).rejects.toMatchObject({ kind: 'token' })
    expect(standIn.count('/cgi-bin/stable_token')).toBe(0)
    expect(standIn.count('/wxa/business/getuserphonenumber')).toBe(2)
  })
})

describe('signal and deadline', () => {
  it('has one listener for all calls that share it, and none when they are over', async () => {
    standIn.route('/wxa/any', () => 'hang')
    const stop = new AbortController()
    const calls = Array.from({ length: 30 }, () => app.call('/wxa/any', { signal: stop.signal }))
    const outcomes = Promise.allSettled(calls)
    while (standIn.count('/wxa/any') < 30) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1)
    stop.abort()
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ERR_WX_ABORTED' } })
    }
    const living = new AbortController()
    await app.getPhoneNumber({ phoneCode }, { signal: living.signal })
    expect(getEventListeners(living.signal, 'abort')).toHaveLength(0)
  })

  it('ends the wait of one caller and not the fetch that others wait for', async () => {
    const slow = await openStandIn({ tokenDelayMs: 200 })
    const other = createWeChat({ apps: [{ appid, appSecret }], hosts: [slow.url] })
    const stop = new AbortController()
    const first = other.app(appid).getAccessToken({ signal: stop.signal })
    const second = other.app(appid).getAccessToken()
    stop.abort()
    await expect(first).rejects.toMatchObject({ code: 'ERR_WX_ABORTED' })
    expect((await second).accessToken.reveal()).toBe(slow.currentToken())
    expect(slow.count('/cgi-bin/stable_token')).toBe(1)
    await other.close()
    await slow.close()
  })

  it('sends nothing for a caller that has given up already', async () => {
    const signal = AbortSignal.abort()
    await expect(app.getPhoneNumber({ phoneCode }, { signal })).rejects.toMatchObject({
      code: 'ERR_WX_ABORTED',
    })
    expect(standIn.seen).toHaveLength(0)
  })

  it('ends a wait for a token at the deadline, with the code unspent', async () => {
    standIn.route('/cgi-bin/stable_token', () => 'hang')
    await expect(app.getPhoneNumber({ phoneCode }, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'ERR_WX_TIMEOUT',
      requestSent: false,
      retryable: true,
    })
    expect(standIn.count('/wxa/business/getuserphonenumber')).toBe(0)
  })
})
