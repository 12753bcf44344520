import {
  constants,
  createCipheriv,
  createDecipheriv,
  generateKeyPairSync,
  verify as nodeVerify,
  randomBytes,
  sign,
} from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createApiSecurity } from './create-api-security.ts'
import type { SealedRequest } from './types.ts'

// WeChat's half, written with node:crypto so that it shares nothing with the code under test.
const appid = 'wx1234567890abcdef'
const symmetricKey = { sn: 'aes-sn', key: randomBytes(32).toString('base64') }
const app = generateKeyPairSync('rsa', { modulusLength: 2048 })
const platform = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
const aes = Buffer.from(symmetricKey.key, 'base64')
const aad = (path: string, time: number) =>
  Buffer.from(`https://api.weixin.qq.com${path}|${appid}|${time}|${symmetricKey.sn}`)
const signed = (path: string, time: number, body: string) =>
  Buffer.from(`https://api.weixin.qq.com${path}\n${appid}\n${time}\n${body}`)

function unsealAsWeChat(path: string, time: number, { headers, body }: SealedRequest) {
  const signature = Buffer.from(headers['Wechatmp-Signature']!, 'base64')
  const isSigned = nodeVerify('sha256', signed(path, time, body), { key: app.publicKey, ...pss }, signature)
  const { iv, data, authtag } = JSON.parse(body)
  const decipher = createDecipheriv('aes-256-gcm', aes, Buffer.from(iv, 'base64')).setAAD(aad(path, time))
  decipher.setAuthTag(Buffer.from(authtag, 'base64'))
  const text = Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString()
  return { isSigned, fields: JSON.parse(text) }
}

function sealAsWeChat(path: string, time: number, fields: object) {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', aes, iv).setAAD(aad(path, time))
  const text = JSON.stringify({ ...fields, _n: 'n', _appid: appid, _timestamp: time })
  const data = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64')
  const body = JSON.stringify({
    iv: iv.toString('base64'),
    data,
    authtag: cipher.getAuthTag().toString('base64'),
  })
  const signature = sign('sha256', signed(path, time, body), { key: platform.privateKey, ...pss })
  const headers = {
    'wechatmp-appid': appid,
    'wechatmp-timestamp': String(time),
    'wechatmp-serial': 'platform-sn',
    'wechatmp-signature': signature.toString('base64'),
  }
  return { headers, body }
}

const security = createApiSecurity({
  appid,
  symmetricKey,
  privateKey: app.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  platformCertificates: [
    { sn: 'platform-sn', publicKey: platform.publicKey.export({ type: 'spki', format: 'pem' }) as string },
  ],
})

const reserved = ['_n', '_appid', '_timestamp', 'access_token', '__proto__']
const name = fc.string({ minLength: 1 }).filter((text) => !reserved.includes(text))
const fields = fc.dictionary(name, fc.jsonValue({ noUnicodeString: false }), { noNullPrototype: true })
const path = fc.webPath().map((text) => `/wxa${text}`)
const time = fc.integer({ min: 0, max: 4_000_000_000 })

describe('any message', () => {
  it('is read by the other side as it was sealed, and signed', async () => {
    await fc.assert(
      fc.asyncProperty(path, time, fields, async (path, nowS, body) => {
        const opened = unsealAsWeChat(path, nowS, await security.seal({ path, nowS, body }))
        expect(opened.isSigned).toBe(true)
        const { _n, ...rest } = opened.fields
        expect(rest).toEqual({ ...JSON.parse(JSON.stringify(body)), _appid: appid, _timestamp: nowS })
      }),
      { numRuns: 60 },
    )
  })

  it('is opened as the other side sealed it', async () => {
    await fc.assert(
      fc.asyncProperty(path, time, fields, async (path, nowS, body) => {
        expect(await security.open({ path, nowS, ...sealAsWeChat(path, nowS, body) })).toEqual(
          JSON.parse(JSON.stringify(body)),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('is refused when any one character of its body, time or signature differs', async () => {
    const part = fc.constantFrom('body', 'wechatmp-timestamp', 'wechatmp-signature')
    await fc.assert(
      fc.asyncProperty(part, fc.nat(), fc.integer({ min: 33, max: 126 }), async (part, seed, code) => {
        const sealed = sealAsWeChat('/wxa/x', 1_700_000_000, { errcode: 0, phone_info: {} })
        const values: Record<string, string> = { ...sealed.headers, body: sealed.body }
        const original = values[part]!
        // The last characters of base64 carry padding bits that decode to nothing.
        const at = seed % (original.length - 6)
        const changed = original.slice(0, at) + String.fromCharCode(code) + original.slice(at + 1)
        fc.pre(changed !== original)
        const { body, ...headers } = { ...values, [part]: changed } as Record<string, string> & {
          body: string
        }
        const opening = security.open({ path: '/wxa/x', nowS: 1_700_000_000, headers, body })
        await expect(opening).rejects.toMatchObject({ code: 'ERR_WX_API_SECURITY' })
      }),
      { numRuns: 200 },
    )
  })
})
