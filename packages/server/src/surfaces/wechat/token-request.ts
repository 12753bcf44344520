import type { HonoRequest } from 'hono'
import { WeChatRefusal } from './errcodes.ts'

/** What a token call says, checked as WeChat checks it. */
export interface TokenRequest {
  appid: string
  /** The secret of a client of ours, in the place of the AppSecret. */
  clientSecret: string
}

/** Reads the JSON body of `/cgi-bin/stable_token`, whatever its content type says. */
export async function readStableTokenRequest(request: HonoRequest): Promise<TokenRequest> {
  const text = await request.text()
  if (text.trim() === '') throw new WeChatRefusal(44002)
  const fields = parseObject(text)
  if (fields === undefined) throw new WeChatRefusal(47001)
  return check((name) => fields[name])
}

/** Reads `/cgi-bin/token`: the query, or the form or JSON of a POST. */
export async function readTokenRequest(request: HonoRequest): Promise<TokenRequest> {
  const text = request.method === 'POST' ? await request.text() : ''
  const fields = parseObject(text)
  const form = new URLSearchParams(fields === undefined ? text : '')
  return check((name) => request.query(name) ?? fields?.[name] ?? form.get(name))
}

function check(field: (name: string) => unknown): TokenRequest {
  const read = (name: string) => {
    const value = field(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const [appid, clientSecret] = [read('appid'), read('secret')]
  if (appid === '') throw new WeChatRefusal(41002)
  if (read('grant_type') !== 'client_credential') throw new WeChatRefusal(40002)
  if (clientSecret === '') throw new WeChatRefusal(41004)
  return { appid, clientSecret }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
