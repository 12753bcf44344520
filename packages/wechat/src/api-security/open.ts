import { type Cipher, decrypt, type Envelope, type Scope, verify } from './envelope.ts'
import { ApiSecurityError } from './errors.ts'
import type { Keys } from './keys.ts'
import type { SealedResponse } from './types.ts'

interface OpenContext {
  readonly cipher: Cipher
  readonly platform: Keys['platform']
  readonly appid: string
  readonly toleranceS: number
  scopeOf(timestamp: string): Scope
}

type Header = (name: string) => string | undefined
type Fields = Record<string, unknown>

export async function openResponse(response: SealedResponse, context: OpenContext): Promise<Fields> {
  const body = parseObject(response.body)
  if (!isEnvelope(body)) return plainError(body)

  const header = headerReader(response.headers)
  const timestamp = header('wechatmp-timestamp')
  const appid = header('wechatmp-appid')
  if (timestamp === undefined || appid === undefined) throw new ApiSecurityError('header')
  if (appid !== context.appid) throw new ApiSecurityError('other-app')
  if (!(Math.abs(Number(timestamp) - response.nowS) <= context.toleranceS))
    throw new ApiSecurityError('timestamp')

  const scope = context.scopeOf(timestamp)
  const { key, signature } = signatureByKnownKey(header, context.platform)
  if (!(await verify(key, scope, { body: response.body, signature }))) throw new ApiSecurityError('signature')

  const fields = parseObject(await decryptOrThrow(context.cipher, scope, body))
  if (fields._appid !== context.appid) throw new ApiSecurityError('other-app')
  if (String(fields._timestamp) !== timestamp) throw new ApiSecurityError('timestamp')
  return fields
}

/** While certificates roll over an answer is signed twice; the first signature we have a key for decides. */
function signatureByKnownKey(header: Header, platform: Keys['platform']) {
  for (const suffix of ['', '-deprecated']) {
    const serial = header(`wechatmp-serial${suffix}`)
    const key = serial === undefined ? undefined : platform.get(serial)
    if (key === undefined) continue
    const signature = header(`wechatmp-signature${suffix}`)
    if (signature === undefined) throw new ApiSecurityError('header')
    return { key, signature }
  }
  throw new ApiSecurityError(header('wechatmp-serial') === undefined ? 'header' : 'unknown-serial')
}

async function decryptOrThrow(cipher: Cipher, scope: Scope, envelope: Envelope): Promise<string> {
  try {
    return await decrypt(cipher, scope, envelope)
  } catch (cause) {
    throw new ApiSecurityError('decryption', { cause })
  }
}

// A forged error can at worst make a call fail, which whoever could forge it can do anyway.
function plainError(body: Fields): Fields {
  if (typeof body.errcode !== 'number' || body.errcode === 0) throw new ApiSecurityError('plain-success')
  return body
}

function parseObject(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's message quotes the text, which may hold a phone number.
    throw new ApiSecurityError('malformed')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiSecurityError('malformed')
  return value as Fields
}

function isEnvelope(body: Fields): body is Fields & Envelope {
  return [body.iv, body.data, body.authtag].every((part) => typeof part === 'string')
}

function headerReader(headers: SealedResponse['headers']): Header {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => {
    const value = byName.get(name)
    return typeof value === 'string' ? value : undefined
  }
}
