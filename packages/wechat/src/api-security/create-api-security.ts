import { type Bytes, toBase64 } from '../internal/bytes.ts'
import { encrypt, freshIv, randomBytes, type Scope, sign } from './envelope.ts'
import { importKeys, type Keys } from './keys.ts'
import { openResponse } from './open.ts'
import { API_SECURITY_PATHS } from './paths.ts'
import { misconfigured } from './refusals.ts'
import type { ApiSecurity, ApiSecurityConfig, PlainRequest, SealedRequest } from './types.ts'

const DEFAULT_ORIGIN = 'https://api.weixin.qq.com'
const DEFAULT_TOLERANCE_S = 300
const NONCE_BYTES = 16
const RESERVED_NAMES = ['_n', '_appid', '_timestamp'] as const

/** Where the two random parts of a request come from; a test that compares bytes gives its own. */
export interface Randomness {
  nonce(): string
  iv(): Bytes
}

const randomness: Randomness = { nonce: () => toBase64(randomBytes(NONCE_BYTES)), iv: freshIv }

/**
 * Signs and encrypts calls to WeChat, and verifies and decrypts the answers, for one app with API security
 * switched on. It opens no connection, reads no clock, and needs nothing but WebCrypto.
 *
 * Keys are read at the first use and kept; they cannot be taken out again.
 *
 * @throws WxUsageError `ERR_WX_BAD_OPTION` when a part of the configuration is missing.
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/getting_started/api_signature.html
 */
export function createApiSecurity(config: ApiSecurityConfig, random: Randomness = randomness): ApiSecurity {
  checkConfig(config)

  const paths = new Set([...API_SECURITY_PATHS, ...(config.additionalPaths ?? [])])
  let imported: Promise<Keys> | undefined
  const keys = () => (imported ??= importKeys(config))

  const scopeOf = (path: string, timestamp: string): Scope => ({
    urlpath: `${config.signedOrigin ?? DEFAULT_ORIGIN}${path}`,
    appid: config.appid,
    timestamp,
  })

  return {
    covers: (path) => paths.has(path),

    async seal(request) {
      const { symmetric, signing } = await keys()
      const scope = scopeOf(request.path, String(request.nowS))
      const plaintext = JSON.stringify(payloadOf(request, { appid: config.appid, nonce: random.nonce() }))
      const body = await encrypt({ key: symmetric, sn: config.symmetricKey.sn }, scope, {
        iv: random.iv(),
        plaintext,
      })
      const headers: Record<string, string> = {
        'Wechatmp-Appid': scope.appid,
        'Wechatmp-TimeStamp': scope.timestamp,
        'Wechatmp-Signature': await sign(signing, scope, body),
      }
      if (config.requireSerialHeader && config.privateKeySn) headers['Wechatmp-Serial'] = config.privateKeySn
      return { headers, body } satisfies SealedRequest
    },

    async open(response) {
      const { symmetric, platform } = await keys()
      const opened = await openResponse(response, {
        cipher: { key: symmetric, sn: config.symmetricKey.sn },
        platform,
        appid: config.appid,
        toleranceS: config.toleranceS ?? DEFAULT_TOLERANCE_S,
        scopeOf: (timestamp) => scopeOf(response.path, timestamp),
      })
      for (const name of RESERVED_NAMES) delete opened[name]
      return opened
    },
  }
}

function checkConfig(config: ApiSecurityConfig): void {
  const { symmetricKey, platformCertificates, toleranceS, additionalPaths, signedOrigin } = config
  if (typeof symmetricKey?.sn !== 'string') throw misconfigured('symmetricKey')
  if (!Array.isArray(platformCertificates) || platformCertificates.length === 0) {
    throw misconfigured('noCertificate')
  }
  if (!platformCertificates.every((one) => typeof one?.sn === 'string')) throw misconfigured('certificate')
  if (config.requireSerialHeader && !config.privateKeySn) throw misconfigured('privateKeySn')
  if (toleranceS !== undefined && !(Number.isFinite(toleranceS) && toleranceS > 0)) {
    throw misconfigured('toleranceS')
  }
  if (additionalPaths !== undefined && !Array.isArray(additionalPaths)) throw misconfigured('additionalPaths')
  if (signedOrigin !== undefined && !URL.canParse(signedOrigin)) throw misconfigured('signedOrigin')
}

function payloadOf(request: PlainRequest, { appid, nonce }: { appid: string; nonce: string }) {
  const { access_token: _, ...query } = request.query ?? {}
  const parameters = { ...query, ...request.body }
  if (RESERVED_NAMES.some((name) => name in parameters)) throw misconfigured('reservedName')
  return { _n: nonce, _appid: appid, _timestamp: request.nowS, ...parameters }
}
