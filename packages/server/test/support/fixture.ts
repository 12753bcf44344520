import { randomBytes } from 'node:crypto'
import { assemble } from '../../src/create-haoma.ts'
import { createKeyRing, type KeyRing } from '../../src/crypto/key-ring.ts'
import { createCodeKey } from '../../src/exchange/code-key.ts'
import type { ExchangePolicy } from '../../src/exchange/spend.ts'
import type { Connection } from '../../src/http/connection.ts'
import { createLogger, type Haoma, type HaomaOptions } from '../../src/index.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import type { Database } from '../../src/stores/database.ts'
import type { CodeKind, CodeRecord } from '../../src/stores/exchange-store.ts'
import type { LedgerRow } from '../../src/stores/ledger-store.ts'
import { openSqliteDatabase } from '../../src/stores/sql/database.ts'
import { createLogSearch } from './log-search.ts'
import { apps, type SimulatedWeChat, startWeChat } from './simulated-wechat.ts'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as a client in JavaScript does
  body: any
}

export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  send(method: string, path: string, init?: RequestInit): Promise<Answer>
}

export interface Fixture extends Client {
  wechat: SimulatedWeChat
  haoma: Awaited<ReturnType<typeof assemble>>
  /** What the service stores, to look at; faults put on it do not show here. */
  db: Database
  keyRing: KeyRing
  clock: Clock
  /** The ledger row of a phone code. */
  ledgerOf(phoneCode: string): Promise<LedgerRow | undefined>
  /** What is stored of a code. */
  storedCode(kind: CodeKind, code: string): Promise<CodeRecord | undefined>
  /** Another process of the service, on the same database. */
  startAnother(options?: FixtureOptions): Promise<Client & { haoma: Haoma }>
  /** Everything that was logged. */
  log(): string
  /** Moves the service's clock and WeChat's. */
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

export interface FixtureOptions extends HaomaOptions {
  /** Where everything is kept. Default is a database in memory. Closed with the fixture. */
  database?: Database
  /** Puts faults between the service and its database. */
  wrapDatabase?: (db: Database) => Database
  exchangePolicy?: Partial<ExchangePolicy>
  /** Every request is answered within so many milliseconds. */
  longestAnswerMs?: number
}

export const appid = apps.single.appid

/** A service on a database in memory, with WeChat simulated behind it. */
export async function startFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const wechat = await startWeChat()
  const lines: string[] = []
  let aheadMs = 0
  const db = options.database ?? (await openSqliteDatabase(':memory:'))
  const masterKey = randomBytes(32)
  const keyRing = createKeyRing([masterKey])
  const keyOf = createCodeKey(keyRing)
  const clock = { now: () => Date.now() + aheadMs }
  const services: Haoma[] = []
  const search = createLogSearch()
  for (const { appSecret } of Object.values(apps)) search.secret('appSecret', appSecret)
  search.secret('masterKey', masterKey.toString('base64'))
  search.secret('masterKey', masterKey.toString('hex'))

  const start = async ({
    database: connection = db,
    wrapDatabase = (plain) => plain,
    exchangePolicy = {},
    longestAnswerMs,
    ...own
  }: FixtureOptions) => {
    const assembled = await assemble({
      db: wrapDatabase(connection === db ? { ...db, close: async () => undefined } : connection),
      keyRing,
      exchangePolicy,
      longestAnswerMs,
      passwordCost: { logN: 8, r: 8, p: 1 },
      options: {
        apps: Object.values(apps),
        wechatHosts: [wechat.url],
        logger: createLogger('trace', { write: (line) => void lines.push(line) }),
        clock,
        ...own,
      },
    })
    services.push(assembled)
    // Every suite that uses this has its whole log searched at its end.
    const haoma = { ...assembled, fetch: search.watch(assembled.fetch) }
    return { haoma, ...createClient(haoma) }
  }

  const first = await start(options)
  return {
    ...first,
    wechat,
    db,
    keyRing,
    clock,
    ledgerOf: (phoneCode) => db.ledger.find(keyOf('phone', appid, phoneCode)),
    storedCode: (kind, code) => db.exchanges.find(keyOf(kind, appid, code)),
    startAnother: (own = {}) => start({ ...options, ...own }),
    log: () => lines.join(''),
    advance: async (ms) => {
      aheadMs += ms
      await wechat.advance(ms)
    },
    close: async () => {
      await Promise.all(services.map((service) => service.close()))
      await db.close()
      await wechat.close()
      search.check(lines.join(''))
    },
  }
}

/** @param connection - Where its requests seem to come from. */
export function createClient(haoma: Pick<Haoma, 'fetch'>, connection: Connection = {}): Client {
  const send = async (method: string, path: string, init?: RequestInit): Promise<Answer> => {
    const response = await haoma.fetch(
      new Request(`http://haoma.test${path}`, { method, ...init }),
      connection,
    )
    // A stream has no end to wait for.
    const isEndless = response.headers.get('content-type')?.includes('event-stream')
    if (isEndless) await response.body?.cancel()
    const text = isEndless ? '' : await response.text()
    const isJson = /^application\/([\w.-]+\+)?json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
  return {
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: (path, body, headers = {}) =>
      send('POST', path, {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
  }
}

/** The header of a back end. */
export const basic = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
  authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
})

export const bearer = (accessToken: string) => ({ authorization: `Bearer ${accessToken}` })
