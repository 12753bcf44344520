import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** An answer, its body read. */
export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  /** The body as JSON, whatever the content type says; `{}` when it is none. */
  json: Record<string, unknown>
}

export interface CallOptions {
  query?: Record<string, string> | undefined
  headers?: Record<string, string> | undefined
  /** Send the body with Transfer-Encoding: chunked and no length. */
  isChunked?: boolean | undefined
}

/** An account to test with. */
export interface Account {
  appid: string
  appSecret: string
}

/** WeChat, real or simulated, seen from outside. */
export type Target = ReturnType<typeof createTarget>

export function createTarget(baseUrl: string, account: Account) {
  const send = (method: string, path: string, body?: string, options: CallOptions = {}): Promise<Reply> => {
    const url = new URL(baseUrl + path)
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value)
    const headers = {
      ...(body === undefined || options.isChunked
        ? {}
        : { 'Content-Length': String(Buffer.byteLength(body)) }),
      ...options.headers,
    }
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) })
        })
      })
      sent.on('error', reject)
      if (body !== undefined && options.isChunked) sent.write(body)
      sent.end(options.isChunked ? undefined : body)
    })
  }
  const get = (path: string, query: Record<string, string> = {}) => send('GET', path, undefined, { query })
  /** Posts an object as JSON, or a string as it is. */
  const post = (path: string, body: object | string, options: CallOptions = {}) =>
    send('POST', path, typeof body === 'string' ? body : JSON.stringify(body), options)
  const credentials = ({ appid, appSecret }: Account) => ({ appid, secret: appSecret })

  const stableToken = (fields: object = {}, app = account) =>
    post('/cgi-bin/stable_token', { grant_type: 'client_credential', ...credentials(app), ...fields })
  /** A stable token in normal mode. */
  const token = async (app = account) => String((await stableToken({}, app)).json.access_token)

  return {
    url: baseUrl,
    app: account,
    send,
    get,
    post,
    stableToken,
    token,
    legacyToken: (fields: Record<string, string> = {}, app = account) =>
      get('/cgi-bin/token', { grant_type: 'client_credential', ...credentials(app), ...fields }),
    code2Session: (loginCode: string, fields: Record<string, string> = {}, app = account) =>
      get('/sns/jscode2session', {
        ...credentials(app),
        js_code: loginCode,
        grant_type: 'authorization_code',
        ...fields,
      }),
    /** The exchange, with a token fetched for it unless one is given. */
    async exchange(body: object | string, accessToken?: string, options: CallOptions = {}): Promise<Reply> {
      const query = { access_token: accessToken ?? (await token()), ...options.query }
      return post('/wxa/business/getuserphonenumber', body, { ...options, query })
    },
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
