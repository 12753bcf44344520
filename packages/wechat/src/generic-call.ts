import type { BinaryCallOptions, GenericCallOptions } from './api-calls.ts'
import { badOption } from './errors/bad-option.ts'
import type { TokenCall } from './internal/caller.ts'
import { checkObject } from './internal/check.ts'
import { type EncodedBody, type Endpoint, endpoint, type Query } from './internal/endpoint.ts'
import { getUserPhoneNumber } from './phone-number/get-phone-number.ts'
import { clearQuota } from './quota/quota.ts'
import { resetSessionKey } from './session/session-key.ts'

/** Checks what a caller of `call` gave and makes a call of it. */
export async function genericCall(path: string, given: GenericCallOptions): Promise<Omit<TokenCall, 'wait'>> {
  const options = checkObject('options', given)
  checkParts(options)
  const input = {
    query: checkQuery(options.query),
    body: options.body,
    encoded: options.form && (await encode(options.form)),
    wantsBytes: wantsBytes(options),
  }
  return { endpoint: endpointOf(path, options), input }
}

// The traits of these stay what they are when they are called by their path.
const known = new Map<string, Endpoint>(
  [getUserPhoneNumber, resetSessionKey.endpoint, clearQuota.endpoint].map((it) => [it.path, it]),
)

/** Each part begins with a letter or digit: neither `..` nor `//` nor an encoding leads around what is refused below. */
const pathShape = /^(?:\/\w[\w.-]*)+$/
const tokenless = /^\/(?:sns\/.*|cgi-bin\/(?:(?:stable_)?token|clear_quota\/v2))$/i

function endpointOf(path: string, { method, body, form, repeatable }: GenericCallOptions): Endpoint {
  if (typeof path !== 'string' || !pathShape.test(path)) {
    throw badOption('path', {
      en: 'must look like /wxa/msg_sec_check, with neither host, query, dots nor a slash at its end',
      zh: '应形如 /wxa/msg_sec_check，不含域名、参数、点段，也不以 / 结尾',
    })
  }
  if (tokenless.test(path)) {
    throw badOption('path', {
      en: `${path} takes no access token; this package has a method for it`,
      zh: `${path} 不使用 access_token，本包有专门的方法`,
    })
  }
  const verb = method ?? (body === undefined && form === undefined ? 'GET' : 'POST')
  return known.get(path) ?? endpoint(verb, path, { repeatable: repeatable ?? verb === 'GET' })
}

function checkParts({ method, body, form }: GenericCallOptions): void {
  if (method !== undefined && method !== 'GET' && method !== 'POST') {
    throw badOption('method', { en: 'must be GET or POST', zh: '应为 GET 或 POST' })
  }
  if (method === 'GET' && (body !== undefined || form !== undefined)) {
    throw badOption('body', {
      en: 'cannot go out with a GET: use query',
      zh: '不能随 GET 发出，请使用 query',
    })
  }
  if (form !== undefined && body !== undefined) {
    throw badOption('form', { en: 'goes in place of body', zh: '与 body 只能二选一' })
  }
  if (form !== undefined && !(form instanceof FormData)) {
    throw badOption('form', { en: 'must be a FormData', zh: '应为 FormData' })
  }
  if (body !== undefined) checkJson(body)
}

function checkJson(body: object): void {
  checkObject('body', body)
  try {
    JSON.stringify(body)
  } catch (cause) {
    throw badOption('body', { en: 'must be what JSON can hold', zh: '应为 JSON 能表示的内容' }, cause)
  }
}

function checkQuery(query: Query | undefined): Query | undefined {
  if (query === undefined) return undefined
  for (const [name, value] of Object.entries(checkObject('query', query))) {
    if (name === 'access_token') {
      throw badOption('query', {
        en: 'must not hold access_token: the call adds it',
        zh: '不应含 access_token，调用时会自动加上',
      })
    }
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw badOption(`query.${name}`, {
        en: 'must be a text, number or boolean',
        zh: '应为文本、数字或布尔值',
      })
    }
  }
  return query
}

function wantsBytes(options: GenericCallOptions & Partial<BinaryCallOptions>): boolean {
  if (options.answer === undefined || options.answer === 'bytes') return options.answer === 'bytes'
  throw badOption('answer', { en: "must be 'bytes' or left out", zh: "应为 'bytes' 或省略" })
}

/** The runtime's own encoding, read into bytes: a stream would go out chunked, to which WeChat answers 412. */
async function encode(form: FormData): Promise<EncodedBody> {
  const response = new Response(form)
  const type = response.headers.get('content-type') ?? 'multipart/form-data'
  return { body: new Uint8Array(await response.arrayBuffer()), headers: { 'content-type': type } }
}
