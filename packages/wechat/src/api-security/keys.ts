import { type Bytes, fromBase64 } from '../internal/bytes.ts'
import { reveal, type SecretInput } from '../secret.ts'
import { pkcs8OfPkcs1, spkiOfCertificate } from './der.ts'
import { type Misconfiguration, misconfigured } from './refusals.ts'
import type { ApiSecurityConfig, PlatformCertificate } from './types.ts'

const RSA_PSS = { name: 'RSA-PSS', hash: 'SHA-256' }
const AES_KEY_BYTES = 32

export type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

export interface Keys {
  readonly symmetric: Key
  readonly signing: Key
  /** WeChat's public keys by the serial the console prints. */
  readonly platform: ReadonlyMap<string, Key>
}

/** @throws WxUsageError naming the first key that cannot be read. */
export async function importKeys(config: ApiSecurityConfig): Promise<Keys> {
  const [symmetric, signing, platform] = await Promise.all([
    importSymmetricKey(config.symmetricKey.key),
    importSigningKey(config.privateKey),
    Promise.all(
      config.platformCertificates.map(async (one) => [one.sn, await importPlatformKey(one)] as const),
    ),
  ])
  return { symmetric, signing, platform: new Map(platform) }
}

export function importSymmetricKey(key: SecretInput): Promise<Key> {
  return readable('symmetricKey', () => {
    const raw = fromBase64(reveal(key))
    if (raw?.length !== AES_KEY_BYTES) throw new RangeError('not 32 bytes of base64')
    return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
  })
}

export function importSigningKey(pem: SecretInput): Promise<Key> {
  return readable('privateKey', () => {
    const { label, der } = readPem(reveal(pem))
    const pkcs8 = label === 'RSA PRIVATE KEY' ? pkcs8OfPkcs1(der) : der
    return crypto.subtle.importKey('pkcs8', pkcs8, RSA_PSS, false, ['sign'])
  })
}

export function importPlatformKey(one: PlatformCertificate): Promise<Key> {
  return readable('certificate', () => {
    const { label, der } = readPem('certificate' in one ? one.certificate : one.publicKey)
    const spki = label === 'CERTIFICATE' ? spkiOfCertificate(der) : der
    return crypto.subtle.importKey('spki', spki, RSA_PSS, false, ['verify'])
  })
}

async function readable(what: Misconfiguration, read: () => Promise<Key>): Promise<Key> {
  try {
    return await read()
  } catch (cause) {
    throw misconfigured(what, cause)
  }
}

function readPem(pem: string): { label: string; der: Bytes } {
  const found = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/.exec(pem)
  const der = found?.[2] === undefined ? undefined : fromBase64(found[2])
  if (found?.[1] === undefined || der === undefined) throw new TypeError('not PEM')
  return { label: found[1], der }
}
