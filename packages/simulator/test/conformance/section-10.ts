import { expect } from 'vitest'
import { expectRefusal, type Row } from './row.ts'
import { type Keys, securedCall, type Tampering } from './secured-client.ts'
import type { SimulatedTarget } from './simulated.ts'

const path = '/wxa/business/getuserphonenumber'

async function enable(t: SimulatedTarget): Promise<Keys> {
  return (await t.control('security', { appid: t.app.appid })) as unknown as Keys
}

async function exchange(t: SimulatedTarget, keys: Keys, tamper?: Tampering) {
  const request = { path, body: { code: await t.phoneCode() } }
  return securedCall(t, keys, tamper ? { ...request, tamper } : request)
}

const without = (name: string) => (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))

const row = (
  section: string,
  fact: string,
  simulated: (t: SimulatedTarget, keys: Keys) => Promise<void>,
): Row => ({
  section,
  fact,
  simulated: async (t) => simulated(t, await enable(t)),
})

export const apiSecurity: Row[] = [
  row('10.1', 'a signed and encrypted exchange gives the number, signed and encrypted', async (t, keys) => {
    const { reply, opened } = await exchange(t, keys)
    expect(Object.keys(reply.json)).toEqual(['iv', 'data', 'authtag'])
    expect(opened).toMatchObject({
      errcode: 0,
      phone_info: { phoneNumber: '13580006666' },
      _appid: t.app.appid,
      _timestamp: Number(reply.headers['wechatmp-timestamp']),
      _n: expect.any(String),
    })
  }),
  row('10', 'once on, a plain call of a covered endpoint is refused', async (t) => {
    expectRefusal(await t.exchange({ code: await t.phoneCode() }), 40231, 'TimeStamp missing')
  }),
  row('10', 'token endpoints and jscode2session stay plain', async (t) => {
    expect((await t.stableToken()).json).toHaveProperty('access_token')
    expect((await t.legacyToken()).json).toHaveProperty('access_token')
    expect((await t.code2Session(await t.loginCode())).json).toHaveProperty('openid')
  }),
  row('10', 'other covered endpoints are signed too', async (t, keys) => {
    const { opened } = await securedCall(t, keys, {
      path: '/cgi-bin/openapi/quota/get',
      body: { cgi_path: path },
    })
    expect(opened).toMatchObject({ errcode: 0, quota: expect.any(Object) })
  }),
  ...(
    [
      ['Wechatmp-TimeStamp', 40231, 'TimeStamp missing'],
      ['Wechatmp-Signature', 40232, 'Signature missing'],
      ['Wechatmp-Appid', 40233, 'Appid missing'],
    ] as const
  ).map(([name, errcode, text]) =>
    row('10.2', `a missing ${name} answers ${errcode}`, async (t, keys) => {
      expectRefusal((await exchange(t, keys, { headers: without(name) })).reply, errcode, text)
    }),
  ),
  row('10.1', 'Wechatmp-Serial is not required, unless switched', async (t, keys) => {
    await t.control('switches', { 'signature-serial-header': 'required' })
    expectRefusal((await exchange(t, keys)).reply, 40230, 'Serial missing')
    const headers = (given: Record<string, string>) => ({ ...given, 'Wechatmp-Serial': 'any' })
    expect((await exchange(t, keys, { headers })).opened).toMatchObject({ errcode: 0 })
  }),
  row('10.2', 'a body that was changed after signing answers 40234, in plain JSON', async (t, keys) => {
    const headers = (given: Record<string, string>) => ({
      ...given,
      'Wechatmp-Signature': Buffer.alloc(256).toString('base64'),
    })
    expectRefusal((await exchange(t, keys, { headers })).reply, 40234, 'invalid signature')
  }),
  row('10.2', 'a body that is signed and not encrypted answers 40235', async (t, keys) => {
    const tamper = { body: () => JSON.stringify({ code: 'x' }) }
    expectRefusal((await exchange(t, keys, tamper)).reply, 40235, 'invalid encrypt')
  }),
  row('10.1', 'the three timestamps and the two appids must be equal', async (t, keys) => {
    for (const inner of [{ _timestamp: 1 }, { _appid: t.shop.appid }]) {
      expectRefusal((await exchange(t, keys, { inner })).reply, 40235, 'invalid encrypt')
    }
  }),
  row('10.2', 'an unknown appid in the header answers 40236, that of another app 40237', async (t, keys) => {
    const as = (appid: string) => ({
      headers: (given: Record<string, string>) => ({ ...given, 'Wechatmp-Appid': appid }),
    })
    expect((await exchange(t, keys, as('wx0000000000000000'))).reply.json.errcode).toBe(40236)
    expect((await exchange(t, keys, as(t.shop.appid))).reply.json.errcode).toBe(40237)
  }),
  row('10.2', 'a timestamp off by more than the tolerance answers 40240', async (t, keys) => {
    const nowS = Math.floor(Number((await t.control('clock')).nowMs) / 1000)
    expect((await exchange(t, keys, { timestampS: nowS - 290 })).opened).toMatchObject({ errcode: 0 })
    expect((await exchange(t, keys, { timestampS: nowS - 310 })).reply.json.errcode).toBe(40240)
    await t.control('switches', { 'signature-tolerance-s': '60' })
    expect((await exchange(t, keys, { timestampS: nowS - 90 })).reply.json.errcode).toBe(40240)
  }),
  row(
    '10.1',
    'the URL that is signed names api.weixin.qq.com, or the host called where switched',
    async (t, keys) => {
      expect((await exchange(t, keys, { origin: t.url })).reply.json.errcode).toBe(40234)
      await t.control('switches', { 'signature-host': 'either' })
      expect((await exchange(t, keys, { origin: t.url })).opened).toMatchObject({ errcode: 0 })
      await t.control('switches', { 'signature-host': 'request-host' })
      expect((await exchange(t, keys)).reply.json.errcode).toBe(40234)
    },
  ),
  row(
    '10.2',
    'while certificates roll over, both keys sign; old clients verify the deprecated one',
    async (t, keys) => {
      const rolled = (await t.control('security/roll', { appid: t.app.appid })) as unknown as Keys
      expect(rolled.platform).toHaveLength(2)
      const before = await exchange(t, keys)
      expect(before.reply.headers['wechatmp-serial-deprecated']).toBe(keys.platform[0]?.serial)
      expect(before.opened).toMatchObject({ errcode: 0 })
      const after = await exchange(t, { ...keys, platform: rolled.platform })
      expect(after.opened).toMatchObject({ errcode: 0 })
      await t.control('security/roll', { appid: t.app.appid, finish: true })
      const { reply } = await exchange(t, { ...keys, platform: rolled.platform })
      expect(reply.headers).not.toHaveProperty('wechatmp-serial-deprecated')
    },
  ),
  row('10.2', 'errors inside a signed call come back plain, or sealed where switched', async (t, keys) => {
    const wrong = { path, body: { code: 'f'.repeat(64) } }
    expectRefusal((await securedCall(t, keys, wrong)).reply, 40029, 'invalid code')
    await t.control('switches', { 'secured-error-body': 'encrypted' })
    expect((await securedCall(t, keys, wrong)).opened).toMatchObject({ errcode: 40029 })
  }),
  ...(
    [
      ['symmetricKey', 40238, 'symmetric key not configured'],
      ['appPublicKey', 40239, 'public key not configured'],
    ] as const
  ).map(([field, errcode, text]) =>
    row('10.2', `without a ${field} it answers ${errcode}`, async (t, keys) => {
      await t.control('security', { appid: t.app.appid, [field]: '' })
      expectRefusal((await exchange(t, keys)).reply, errcode, text)
    }),
  ),
  row('10', 'switched off again, calls are plain again', async (t) => {
    await t.send('DELETE', `/_control/security?appid=${t.app.appid}`, undefined)
    expect((await t.exchange({ code: await t.phoneCode() })).json.errcode).toBe(0)
  }),
]
