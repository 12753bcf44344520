/** One process of a fleet. Its parent says what to do; it answers how that went. */
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { createFileTokenStore } from '../src/access-token/stores/file.ts'
import { createPostgresTokenStore } from '../src/access-token/stores/postgres.ts'
import { createRedisTokenStore } from '../src/access-token/stores/redis.ts'
import type { TokenStore } from '../src/access-token/types.ts'
import { createWeChat } from '../src/index.ts'
import { appid, appSecret, phoneCode } from './stand-in.ts'

export type StoreSpec =
  | { readonly kind: 'file'; readonly directory: string }
  | { readonly kind: 'redis'; readonly url: string; readonly prefix: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly table: string }

export interface WorkerSpec {
  readonly host: string
  readonly store: StoreSpec
  readonly tokenTimeoutMs: number
  /** How far the wall clock of the process is off. */
  readonly skewMs: number
}

/** How a run went. */
export interface RunReport {
  readonly ok: number
  readonly failed: number
  /** Each kind of failure once. */
  readonly failures: readonly string[]
}

function openStore(spec: StoreSpec): TokenStore {
  switch (spec.kind) {
    case 'file':
      return createFileTokenStore({ directory: spec.directory })
    case 'redis':
      return createRedisTokenStore({ client: new Redis(spec.url), prefix: spec.prefix })
    case 'postgres':
      return createPostgresTokenStore({
        pool: new Pool({ connectionString: spec.url, max: 2 }),
        table: spec.table,
      })
  }
}

const spec = JSON.parse(process.argv[2] ?? '') as WorkerSpec
const wallClock = Date.now
Date.now = () => wallClock() + spec.skewMs
const wechat = createWeChat({
  apps: [{ appid, appSecret }],
  hosts: [spec.host],
  tokenStore: openStore(spec.store),
  tokenTimeoutMs: spec.tokenTimeoutMs,
  storeTimeoutMs: 5000,
  timeoutMs: 20_000,
})
const app = wechat.app(appid)

async function run({ calls, inFlight }: { calls: number; inFlight: number }): Promise<RunReport> {
  let left = calls
  let ok = 0
  const failures = new Map<string, number>()
  async function caller(): Promise<void> {
    while (left-- > 0) {
      try {
        await app.getPhoneNumber({ phoneCode })
        ok++
      } catch (error) {
        const { message } = error as Error
        failures.set(message, (failures.get(message) ?? 0) + 1)
      }
    }
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
  return { ok, failed: calls - ok, failures: [...failures.keys()] }
}

process.on('message', (order: { calls: number; inFlight: number }) => {
  void run(order).then((report) => process.send?.(report))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
