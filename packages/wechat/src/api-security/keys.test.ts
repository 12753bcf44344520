import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import * as vectors from '../../test/vectors/api-security.ts'
import { fromBase64 } from '../internal/bytes.ts'
import { createApiSecurity } from './create-api-security.ts'
import { spkiOfCertificate } from './der.ts'
import { verify } from './envelope.ts'
import { importPlatformKey, importSigningKey } from './keys.ts'
import { MISCONFIGURATIONS, type Misconfiguration } from './refusals.ts'
import type { ApiSecurityConfig } from './types.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { certificate } = vectors.platformCertificate
const der = fromBase64(certificate.replace(/-----[^-]+-----/g, ''))!

const config = {
  appid: vectors.appid,
  symmetricKey: vectors.symmetricKey,
  privateKey: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  platformCertificates: [vectors.platformCertificate],
}

const misconfiguration = (what: Misconfiguration) => ({
  code: 'ERR_WX_BAD_OPTION',
  message: expect.stringContaining(MISCONFIGURATIONS[what].split(' · ')[0] ?? ''),
})

describe('certificates', () => {
  it('finds the same public key that OpenSSL finds', () => {
    const expected = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
    expect(Buffer.from(spkiOfCertificate(der))).toEqual(expected)
  })

  it('refuses a certificate cut at any byte, without reading past its end', () => {
    for (let length = 0; length < der.length; length += 1) {
      expect(() => spkiOfCertificate(der.slice(0, length))).toThrow(RangeError)
    }
  })
})

describe('keys', () => {
  it.each(['pkcs8', 'pkcs1'] as const)('signs with a private key in %s form', async (type) => {
    const signing = createApiSecurity({
      ...config,
      privateKey: rsa.privateKey.export({ type, format: 'pem' }) as string,
    })
    const { body, headers } = await signing.seal({ path: '/wxa/x', nowS: 1 })
    const publicKey = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string
    const scope = { urlpath: 'https://api.weixin.qq.com/wxa/x', appid: vectors.appid, timestamp: '1' }
    const signature = headers['Wechatmp-Signature']!
    expect(await verify(await importPlatformKey({ sn: '', publicKey }), scope, { body, signature })).toBe(
      true,
    )
  })

  it('keeps imported private keys inside', async () => {
    expect((await importSigningKey(config.privateKey)).extractable).toBe(false)
  })

  const encrypted = rsa.privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  })
  const ecKey = ec.privateKey.export({ type: 'pkcs8', format: 'pem' })
  const ecPublic = ec.publicKey.export({ type: 'spki', format: 'pem' }) as string
  it.each<[Misconfiguration, Partial<ApiSecurityConfig>]>([
    ['privateKey', { privateKey: 'not PEM' }],
    ['privateKey', { privateKey: encrypted as string }],
    ['privateKey', { privateKey: ecKey as string }],
    ['privateKey', { privateKey: certificate }],
    ['symmetricKey', { symmetricKey: { sn: 's', key: 'AAECAwQFBgcICQoLDA0ODw==' } }],
    ['symmetricKey', { symmetricKey: { sn: 's', key: '***' } }],
    [
      'certificate',
      { platformCertificates: [{ sn: 's', certificate: certificate.replace('MIID', 'MIIE') }] },
    ],
    ['certificate', { platformCertificates: [{ sn: 's', publicKey: ecPublic }] }],
  ])('names the %s that cannot be read', async (what, change) => {
    const sealing = createApiSecurity({ ...config, ...change }).seal({ path: '/wxa/x', nowS: 1 })
    await expect(sealing).rejects.toMatchObject(misconfiguration(what))
  })

  it.each<[Misconfiguration, Partial<ApiSecurityConfig>]>([
    ['noCertificate', { platformCertificates: [] }],
    ['privateKeySn', { requireSerialHeader: true }],
  ])('refuses a configuration at once: %s', (what, change) => {
    expect(() => createApiSecurity({ ...config, ...change })).toThrow(
      expect.objectContaining(misconfiguration(what)),
    )
  })
})
