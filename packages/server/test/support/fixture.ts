import { randomBytes } from 'node:crypto'
import { createHaoma, createLogger, type Haoma, type HaomaOptions } from '../../src/index.ts'
import { apps, type SimulatedWeChat, startWeChat } from './simulated-wechat.ts'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as a client in JavaScript does
  body: any
}

export interface Fixture {
  wechat: SimulatedWeChat
  haoma: Haoma
  /** Everything that was logged. */
  log(): string
  /** Moves the service's clock and WeChat's. */
  advance(ms: number): Promise<void>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  send(method: string, path: string, init?: RequestInit): Promise<Answer>
  close(): Promise<void>
}

export const appid = apps.single.appid

/** A service on a database in memory, with WeChat simulated behind it. */
export async function startFixture(options: HaomaOptions = {}): Promise<Fixture> {
  const wechat = await startWeChat()
  const lines: string[] = []
  let aheadMs = 0
  const haoma = await createHaoma({
    apps: Object.values(apps),
    wechatHosts: [wechat.url],
    databaseUrl: ':memory:',
    masterKey: randomBytes(32),
    logger: createLogger('trace', { write: (line) => void lines.push(line) }),
    clock: { now: () => Date.now() + aheadMs },
    ...options,
  })
  const send = async (method: string, path: string, init?: RequestInit): Promise<Answer> => {
    const response = await haoma.fetch(new Request(`http://haoma.test${path}`, { method, ...init }))
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
  return {
    wechat,
    haoma,
    log: () => lines.join(''),
    advance: async (ms) => {
      aheadMs += ms
      await wechat.advance(ms)
    },
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: (path, body, headers = {}) =>
      send('POST', path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    close: async () => {
      await haoma.close()
      await wechat.close()
    },
  }
}

export const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` })
