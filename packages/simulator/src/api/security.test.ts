import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ApiSecurity } from '../model/api-security-keys.ts'
import { createRandom } from '../model/random.ts'
import { decryptBody, encryptBody, type SecuredMessage, signMessage, verifySignature } from './security.ts'
import { officialVector as vector } from './security-vector.fixture.ts'

const keys: ApiSecurity = {
  symmetricKey: vector.symmetricKey,
  symmetricSerial: vector.symmetricSerial,
  appPublicKey: vector.appPublicKey,
  appKeySerial: vector.appKeySerial,
  platform: [],
}
const request: SecuredMessage = { urlPath: vector.urlPath, appid: vector.appid, timestampS: 1635927954 }
const response: SecuredMessage = { ...request, timestampS: 1635927956 }

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/getting_started/api_signature.html */
describe('the example of WeChat’s page on API security', () => {
  it('verifies the signature of the request', () => {
    expect(verifySignature(keys.appPublicKey, request, vector.requestBody, vector.requestSignature)).toBe(
      true,
    )
  })

  it('opens the request', () => {
    expect(decryptBody(keys, request, vector.requestBody)).toEqual(vector.requestPlain)
  })

  it('verifies the signature of the answer with the certificate', () => {
    const key = createPublicKey(vector.certificate).export({ type: 'spki', format: 'pem' }).toString()
    expect(verifySignature(key, response, vector.responseBody, vector.responseSignature)).toBe(true)
  })

  it('opens the answer', () => {
    expect(decryptBody(keys, response, vector.responseBody)).toEqual(vector.responsePlain)
  })

  it('has no key serial in what is signed', () => {
    const withSerial = { ...request, appid: `${request.appid}\n${vector.appKeySerial}` }
    expect(verifySignature(keys.appPublicKey, withSerial, vector.requestBody, vector.requestSignature)).toBe(
      false,
    )
  })
})

describe('an encrypted body', () => {
  const random = createRandom('test')

  it('opens with what it was made for, and with nothing else', () => {
    const body = encryptBody(keys, request, { code: 'x' }, random)
    expect(decryptBody(keys, request, body)).toEqual({ code: 'x' })
    expect(decryptBody(keys, { ...request, timestampS: 1 }, body)).toBeUndefined()
    expect(
      decryptBody(keys, { ...request, urlPath: 'https://api.weixin.qq.com/other' }, body),
    ).toBeUndefined()
    expect(decryptBody({ ...keys, symmetricSerial: 'other' }, request, body)).toBeUndefined()
  })

  it.each([
    '',
    '{}',
    'null',
    '{"iv":"AA==","data":"AA==","authtag":"AA=="}',
    '{"iv":1,"data":2,"authtag":3}',
  ])('is refused when it is %j', (body) => expect(decryptBody(keys, request, body)).toBeUndefined())
})

describe('a signature', () => {
  it('fits its message only', async () => {
    const { generateKeyPairSync } = await import('node:crypto')
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const signature = signMessage(pair.privateKey, request, 'body')
    expect(verifySignature(pair.publicKey, request, 'body', signature)).toBe(true)
    expect(verifySignature(pair.publicKey, request, 'bodY', signature)).toBe(false)
    expect(verifySignature(pair.publicKey, request, 'body', 'bm90aGluZw==')).toBe(false)
  })
})
