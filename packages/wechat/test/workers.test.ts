import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appid, appSecret, openStandIn, phoneCode, type StandIn } from './stand-in.ts'
import { type Outcome, type Probe, testTransport } from './transport-conformance.ts'
import { openWorker, type Worker } from './workerd.ts'

async function openTransport() {
  const worker = await openWorker(`
    import { fetchTransport } from '../src/transport/fetch.ts'
    import { probeWith } from './transport-probe.ts'
    const answer = ({ probe, bytes }) =>
      probeWith(fetchTransport(), bytes ? { ...probe, body: new Uint8Array(bytes) } : probe)`)
  return {
    send({ body, ...probe }: Probe) {
      const question = typeof body === 'object' ? { probe, bytes: [...body] } : { probe: { ...probe, body } }
      return worker.ask<Outcome>(question)
    },
    close: worker.close,
  }
}

testTransport('fetch (workerd)', openTransport, { tellsNotSent: false })

describe('the SDK in workerd', () => {
  let standIn: StandIn
  let worker: Worker

  beforeAll(async () => {
    standIn = await openStandIn()
    worker = await openWorker(`
      import { createWeChat, isWxError } from '../src/index.ts'
      const wechat = createWeChat({
        apps: [{ appid: '${appid}', appSecret: '${appSecret}' }],
        hosts: ['${standIn.url}'],
      })
      async function answer({ call, input, options }) {
        try {
          return { result: await wechat.app('${appid}')[call](input, options) }
        } catch (error) {
          return { error: { code: error.code, message: error.message, isWxError: isWxError(error) } }
        }
      }`)
  })
  afterAll(async () => {
    await worker.close()
    await standIn.close()
  })

  it('makes every kind of call, with one token for all of its requests', async () => {
    const phone = await worker.ask({ call: 'getPhoneNumber', input: { phoneCode } })
    expect(phone).toMatchObject({ result: { e164: '+8613580006666', appid } })
    const login = await worker.ask({
      call: 'code2Session',
      input: { loginCode: '0b3Kq1Ga1MbKXA0XkqHa1Xq2Dq0Kq1GZ' },
    })
    expect(login).toMatchObject({
      result: { openid: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE', sessionKey: '[secret]' },
    })
    const session = { openid: 'o', sessionKey: 'k' }
    expect(await worker.ask({ call: 'checkSession', input: session })).toEqual({ result: true })
    expect(await worker.ask({ call: 'call', input: '/wxa/any' })).toMatchObject({ result: { errcode: 0 } })
    expect(standIn.count('/cgi-bin/stable_token')).toBe(1)
  })

  it('tells its own errors, and repeats a call on a dead token', async () => {
    standIn.replaceToken()
    expect(await worker.ask({ call: 'getPhoneNumber', input: { phoneCode } })).toHaveProperty('result.e164')
    standIn.route('/wxa/business/getuserphonenumber', () => 'cut')
    const lost = await worker.ask({ call: 'getPhoneNumber', input: { phoneCode } })
    expect(lost).toMatchObject({ error: { code: 'ERR_WX_OUTCOME_UNKNOWN', isWxError: true } })
    const refused = await worker.ask({ call: 'getPhoneNumber', input: { phoneCode: '' } })
    expect(refused).toMatchObject({ error: { code: 'ERR_WX_BAD_OPTION', isWxError: true } })
  })

  it('needs nothing of a request that has ended: neither its token fetch nor its lookup', async () => {
    const slow = await openStandIn()
    slow.route('/cgi-bin/stable_token', async () => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      return { access_token: slow.currentToken() ?? slow.replaceToken(), expires_in: 7200 }
    })
    slow.route('/app', () => 'hang')
    const other = await openWorker(`
      import { createWeChat, isWxError } from '../src/index.ts'
      const app = { appid: '${appid}', appSecret: '${appSecret}' }
      let asked = 0
      const resolveApp = async () => {
        asked += 1
        if (asked === 1) await fetch('${slow.url}/app')
        return app
      }
      const known = createWeChat({ apps: [app], hosts: ['${slow.url}'] })
      const unknown = createWeChat({ resolveApp, hosts: ['${slow.url}'] })
      async function answer({ isKnown, callers, timeoutMs }) {
        const one = (isKnown ? known : unknown).app('${appid}')
        const call = () => one.getAccessToken({ timeoutMs }).then(() => 'ok', (e) => isWxError(e) ? e.code : String(e))
        return Promise.all(Array.from({ length: callers }, call))
      }`)
    try {
      const early = { callers: 1, timeoutMs: 100 }
      const later = { callers: 5, timeoutMs: 9000 }
      for (const isKnown of [true, false]) {
        expect(await other.ask({ isKnown, ...early })).toEqual(['ERR_WX_TIMEOUT'])
        expect(await other.ask({ isKnown, ...later })).toEqual(Array(5).fill('ok'))
      }
      // One that ended with its request and one for the five, of each client.
      expect(slow.count('/cgi-bin/stable_token')).toBeLessThanOrEqual(4)
    } finally {
      await other.close()
      await slow.close()
    }
  })
})
