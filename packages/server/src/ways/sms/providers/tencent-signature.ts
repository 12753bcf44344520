import { createHash, createHmac } from 'node:crypto'

/** A request to be signed. */
export interface Tc3Request {
  secretId: string
  secretKey: string
  /** Such as `sms`; it stands in the scope of the signature. */
  service: string
  /** What is signed of the headers, by lower-case name. */
  headers: Readonly<Record<string, string>>
  body: string
  timestampS: number
}

export interface Tc3Signature {
  canonicalHash: string
  signature: string
  /** The header. */
  authorization: string
}

const ALGORITHM = 'TC3-HMAC-SHA256'

/**
 * Signs a POST to `/` as Tencent Cloud's API v3 asks.
 *
 * @see https://cloud.tencent.com/document/api/213/30654
 */
export function signTc3(request: Tc3Request): Tc3Signature {
  const { secretId, secretKey, service, headers, body, timestampS } = request
  const names = Object.keys(headers).sort()
  const signedHeaders = names.join(';')
  const lines = names.map((name) => `${name}:${headers[name]?.trim()}\n`).join('')
  const canonicalHash = sha256(['POST', '/', '', lines, signedHeaders, sha256(body)].join('\n'))

  const date = new Date(timestampS * 1000).toISOString().slice(0, 10)
  const scope = `${date}/${service}/tc3_request`
  const text = [ALGORITHM, timestampS, scope, canonicalHash].join('\n')
  const key = [date, service, 'tc3_request'].reduce<Buffer | string>(hmac, `TC3${secretKey}`)
  const signature = hmac(key, text).toString('hex')
  return {
    canonicalHash,
    signature,
    authorization: `${ALGORITHM} Credential=${secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest()
