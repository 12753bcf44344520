import { type Cipher, decrypt, type Envelope, type Scope, verify } from './envelope.ts'
import type { Keys } from './keys.ts'
import { refused } from './refusals.ts'
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
  if (timestamp === undefined || appid === undefined) throw refused('header')
  if (appid !== context.appid) throw refused('otherApp')
  if (!(Math.abs(Number(timestamp) - response.nowS) <= context.toleranceS)) throw refused('timestamp')

  const scope = context.scopeOf(timestamp)
  const { key, signature } = signatureByKnownKey(header, context.platform)
  if (!(await verify(key, scope, { body: response.body, signature }))) throw refused('signature')

  const fields = parseObject(await decryptOrThrow(context.cipher, scope, body))
  if (fields._appid !== context.appid) throw refused('otherApp')
  if (String(fields._timestamp) !== timestamp) throw refused('timestamp')
  return fields
}

/** While certificates roll over an answer is signed twice; the first signature we have a key for decides. */
function signatureByKnownKey(header: Header, platform: Keys['platform']) {
  for (const suffix of ['', '-deprecated']) {
    const serial = header(`wechatmp-serial${suffix}`)
    const key = serial === undefined ? undefined : platform.get(serial)
    if (key === undefined) continue
    const signature = header(`wechatmp-signature${suffix}`)
    if (signature === undefined) throw refused('header')
    return { key, signature }
  }
  throw refused(header('wechatmp-serial') === undefined ? 'header' : 'unknownSerial')
}

async function decryptOrThrow(cipher: Cipher, scope: Scope, envelope: Envelope): Promise<string> {
  try {
    return await decrypt(cipher, scope, envelope)
  } catch (cause) {
    throw refused('decryption', cause)
  }
}

// A forged error can at worst make a call fail, which whoever could forge it can do anyway.
function plainError(body: Fields): Fields {
  if (typeof body.errcode !== 'number' || body.errcode === 0) throw refused('plainSuccess')
  return body
}

function parseObject(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's message quotes the text, which may hold a phone number.
    throw refused('malformed')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('malformed')
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
