import { createHash, createHmac } from 'node:crypto'

/** A request to be signed. */
export interface Acs3Request {
  accessKeyId: string
  accessKeySecret: string
  /** As it stands in the address, sorted and encoded; empty when there is none. */
  query: string
  /** What is signed of the headers, by lower-case name; `x-acs-content-sha256` is added. */
  headers: Readonly<Record<string, string>>
  body: string
}

export interface Acs3Signature {
  canonicalHash: string
  signature: string
  /** The headers to send, with `authorization`. */
  headers: Record<string, string>
}

const ALGORITHM = 'ACS3-HMAC-SHA256'

/**
 * Signs a POST to `/` as Alibaba Cloud's API v3 asks.
 *
 * @see https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
 */
export function signAcs3({ accessKeyId, accessKeySecret, query, headers, body }: Acs3Request): Acs3Signature {
  const bodyHash = sha256(body)
  const all: Record<string, string> = { ...headers, 'x-acs-content-sha256': bodyHash }
  const names = Object.keys(all).sort()
  const signedHeaders = names.join(';')
  const lines = names.map((name) => `${name}:${all[name]?.trim()}\n`).join('')
  const canonicalHash = sha256(['POST', '/', query, lines, signedHeaders, bodyHash].join('\n'))
  const signature = createHmac('sha256', accessKeySecret)
    .update(`${ALGORITHM}\n${canonicalHash}`)
    .digest('hex')
  const credential = `Credential=${accessKeyId},SignedHeaders=${signedHeaders},Signature=${signature}`
  return { canonicalHash, signature, headers: { ...all, authorization: `${ALGORITHM} ${credential}` } }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
