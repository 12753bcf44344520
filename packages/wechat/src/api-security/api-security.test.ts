import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import * as vectors from '../../test/vectors/api-security.ts'
import { fromBase64 } from '../internal/bytes.ts'
import { createApiSecurity, type Randomness } from './create-api-security.ts'
import { decrypt, verify } from './envelope.ts'
import { importPlatformKey, importSymmetricKey } from './keys.ts'
import { MISCONFIGURATIONS, type Misconfiguration, REFUSALS, type Refusal } from './refusals.ts'
import type { ApiSecurityConfig, SealedResponse } from './types.ts'

const { officialRequest, officialResponse, ownRequest, platformCertificate } = vectors
const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ownPublicKey = own.publicKey.export({ type: 'spki', format: 'pem' }) as string

const config: ApiSecurityConfig = {
  appid: vectors.appid,
  symmetricKey: vectors.symmetricKey,
  privateKey: own.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  platformCertificates: [platformCertificate],
}

const misconfiguration = (what: Misconfiguration) => ({
  code: 'ERR_WX_BAD_OPTION',
  message: expect.stringContaining(MISCONFIGURATIONS[what].split(' · ')[0] ?? ''),
})
const refusal = (why: Refusal) => ({
  code: 'ERR_WX_API_SECURITY',
  message: expect.stringContaining(REFUSALS[why]),
})

const requests = [
  { name: "WeChat's own example", vector: officialRequest },
  { name: 'the phone number call', vector: ownRequest },
]

describe.each(requests)('sealing $name', ({ vector }) => {
  const random: Randomness = { nonce: () => vector.nonce, iv: () => fromBase64(vector.iv)! }
  const scope = {
    urlpath: `https://api.weixin.qq.com${vector.path}`,
    appid: vectors.appid,
    timestamp: String(vector.nowS),
  }

  it('gives the published body, byte for byte', async () => {
    const { body } = await createApiSecurity(config, random).seal({
      path: vector.path,
      query: { access_token: 'stays-in-the-url' },
      body: vector.parameters,
      nowS: vector.nowS,
    })
    expect(body).toBe(vector.body)
  })

  it('signs what the published signature signs', async () => {
    const theirs = await importPlatformKey({ sn: '', publicKey: vectors.appPublicKey })
    expect(await verify(theirs, scope, vector)).toBe(true)

    const { body, headers } = await createApiSecurity(config, random).seal({
      ...vector,
      body: vector.parameters,
    })
    const ours = await importPlatformKey({ sn: '', publicKey: ownPublicKey })
    const signature = headers['Wechatmp-Signature']!
    expect(await verify(ours, scope, { body, signature })).toBe(true)
    expect(await verify(theirs, scope, { body, signature })).toBe(false)
  })
})

describe('sealing', () => {
  it('sends exactly the three headers of the published example', async () => {
    const { headers } = await createApiSecurity(config).seal({ path: '/wxa/x', nowS: 1700000000 })
    expect(headers).toEqual({
      'Wechatmp-Appid': vectors.appid,
      'Wechatmp-TimeStamp': '1700000000',
      'Wechatmp-Signature': expect.any(String),
    })
  })

  it('sends the serial of the key when told to', async () => {
    const security = createApiSecurity({ ...config, requireSerialHeader: true, privateKeySn: 'sn-of-ours' })
    const { headers } = await security.seal({ path: '/wxa/x', nowS: 1 })
    expect(headers['Wechatmp-Serial']).toBe('sn-of-ours')
  })

  it('puts query and body parameters into the sealed payload, and leaves the token out', async () => {
    const { body } = await createApiSecurity(config).seal({
      path: '/wxa/x',
      query: { access_token: 'T', lang: 'zh_CN' },
      body: { code: 'c' },
      nowS: 1700000000,
    })
    const cipher = { key: await importSymmetricKey(vectors.symmetricKey.key), sn: vectors.symmetricKey.sn }
    const scope = {
      urlpath: 'https://api.weixin.qq.com/wxa/x',
      appid: vectors.appid,
      timestamp: '1700000000',
    }
    expect(JSON.parse(await decrypt(cipher, scope, JSON.parse(body)))).toEqual({
      _n: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
      _appid: vectors.appid,
      _timestamp: 1700000000,
      lang: 'zh_CN',
      code: 'c',
    })
  })

  it('never uses a nonce or an initialisation vector twice', async () => {
    const security = createApiSecurity(config)
    const bodies = await Promise.all(
      Array.from({ length: 200 }, async () => (await security.seal({ path: '/wxa/x', nowS: 1 })).body),
    )
    expect(new Set(bodies.map((body) => JSON.parse(body).iv)).size).toBe(200)
  })

  it.each(['_n', '_appid', '_timestamp'])('refuses a parameter named %s', async (name) => {
    const sealing = createApiSecurity(config).seal({ path: '/wxa/x', body: { [name]: 1 }, nowS: 1 })
    await expect(sealing).rejects.toMatchObject(misconfiguration('reservedName'))
  })

  it('covers the phone number call, those added, and no token call', () => {
    const security = createApiSecurity({ ...config, additionalPaths: ['/wxa/newcall'] })
    expect(['/wxa/business/getuserphonenumber', '/wxa/newcall'].every(security.covers)).toBe(true)
    const never = [
      '/cgi-bin/token',
      '/cgi-bin/stable_token',
      '/sns/jscode2session',
      '/cgi-bin/clear_quota/v2',
    ]
    expect(never.some(security.covers)).toBe(false)
  })
})

const answer: SealedResponse = {
  path: officialRequest.path,
  nowS: 1635927960,
  headers: {
    'wechatmp-appid': vectors.appid,
    'wechatmp-timestamp': officialResponse.timestamp,
    'wechatmp-serial': platformCertificate.sn,
    'wechatmp-signature': officialResponse.signature,
  },
  body: officialResponse.body,
}

const withHeaders = (headers: SealedResponse['headers']): SealedResponse => ({
  ...answer,
  headers: { ...answer.headers, ...headers },
})

describe('opening', () => {
  const security = createApiSecurity(config)

  it("opens WeChat's own example and drops the fields of the envelope", async () => {
    expect(await security.open(answer)).toEqual(officialResponse.fields)
  })

  it('takes header names in any case', async () => {
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name.toUpperCase(), value]),
    )
    expect(await security.open({ ...answer, headers })).toEqual(officialResponse.fields)
  })

  it('verifies by the old certificate while only that one is configured', async () => {
    const rolling = withHeaders({
      'wechatmp-serial': 'a-newer-one',
      'wechatmp-signature': 'c2lnbmVkIGJ5IHRoZSBuZXdlciBvbmU=',
      'wechatmp-serial-deprecated': platformCertificate.sn,
      'wechatmp-signature-deprecated': officialResponse.signature,
    })
    expect(await security.open(rolling)).toEqual(officialResponse.fields)
  })

  it('gives plain errors as they are', async () => {
    const body = '{"errcode":40234,"errmsg":"invalid signature rid: 6aac0060-297a2899-4b3fff85"}'
    expect(await security.open({ ...answer, headers: {}, body })).toEqual(JSON.parse(body))
  })

  it('accepts an answer on the edge of the tolerance', async () => {
    await expect(security.open({ ...answer, nowS: 1635927956 + 300 })).resolves.toBeDefined()
  })

  const flipped = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  const envelope = JSON.parse(officialResponse.body)
  const tampered = (part: string) => JSON.stringify({ ...envelope, [part]: flipped(envelope[part], 4) })

  it.each<[string, SealedResponse, Refusal]>([
    ['a plain success', { ...answer, body: '{"errcode":0,"phone_info":{}}' }, 'plainSuccess'],
    ['a plain body without errcode', { ...answer, body: '{"phone_info":{}}' }, 'plainSuccess'],
    ['a plain errcode that is not a number', { ...answer, body: '{"errcode":"40001"}' }, 'plainSuccess'],
    ['a body that is not JSON', { ...answer, body: '<html>' }, 'malformed'],
    ['a JSON array', { ...answer, body: '[]' }, 'malformed'],
    ['an empty body', { ...answer, body: '' }, 'malformed'],
    ['a changed iv', { ...answer, body: tampered('iv') }, 'signature'],
    ['changed data', { ...answer, body: tampered('data') }, 'signature'],
    ['a changed tag', { ...answer, body: tampered('authtag') }, 'signature'],
    ['another spacing of the same body', { ...answer, body: JSON.stringify(envelope, null, 1) }, 'signature'],
    ['an answer to another call', { ...answer, path: '/wxa/other' }, 'signature'],
    ['another app', withHeaders({ 'wechatmp-appid': 'wx0000000000000000' }), 'otherApp'],
    ['no app', withHeaders({ 'wechatmp-appid': undefined }), 'header'],
    ['a changed time', withHeaders({ 'wechatmp-timestamp': '1635927957' }), 'signature'],
    ['a time that is no number', withHeaders({ 'wechatmp-timestamp': 'soon' }), 'timestamp'],
    ['no time', withHeaders({ 'wechatmp-timestamp': undefined }), 'header'],
    ['an old answer', { ...answer, nowS: 1635927956 + 301 }, 'timestamp'],
    ['an answer from the future', { ...answer, nowS: 1635927956 - 301 }, 'timestamp'],
    ['an unknown certificate', withHeaders({ 'wechatmp-serial': '784F98CB' }), 'unknownSerial'],
    ['no serial', withHeaders({ 'wechatmp-serial': undefined }), 'header'],
    ['no signature', withHeaders({ 'wechatmp-signature': undefined }), 'header'],
    ['two signatures under one name', withHeaders({ 'wechatmp-signature': ['a', 'b'] }), 'header'],
    [
      'a changed signature',
      withHeaders({ 'wechatmp-signature': flipped(officialResponse.signature, 9) }),
      'signature',
    ],
    ['a signature that is not base64', withHeaders({ 'wechatmp-signature': '***' }), 'signature'],
  ])('refuses %s', async (_, response, why) => {
    await expect(security.open(response)).rejects.toMatchObject(refusal(why))
  })

  it('refuses what another symmetric key or serial sealed', async () => {
    const other = createHash('sha256').update('another key').digest('base64')
    for (const symmetricKey of [
      { ...vectors.symmetricKey, key: other },
      { ...vectors.symmetricKey, sn: 'another' },
    ]) {
      const opening = createApiSecurity({ ...config, symmetricKey }).open(answer)
      await expect(opening).rejects.toMatchObject(refusal('decryption'))
    }
  })

  it('quotes nothing of a refused answer', async () => {
    const opening = security.open({ ...answer, body: '{"phoneNumber":"13580006666"' })
    await expect(opening).rejects.toSatisfy(
      (error: Error) => !`${error.stack}${error.cause}`.includes('1358'),
    )
  })
})
