/** One process of a fleet. Its parent says what to be and what to do; it answers how that went. */
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

export interface RunOrder {
  readonly calls: number
  readonly inFlight: number
}

/** How a run went. */
export interface RunReport {
  readonly ok: number
  readonly failed: number
  /** Each kind of failure once. */
  readonly failures: readonly string[]
}

function openStore(spec: StoreSpec): { store: TokenStore; end: () => Promise<unknown> } {
  switch (spec.kind) {
    case 'file':
      return { store: createFileTokenStore({ directory: spec.directory }), end: async () => {} }
    case 'redis': {
      const client = new Redis(spec.url)
      return { store: createRedisTokenStore({ client, prefix: spec.prefix }), end: () => client.quit() }
    }
    case 'postgres': {
      const pool = new Pool({ connectionString: spec.url, max: 2 })
      return { store: createPostgresTokenStore({ pool, table: spec.table }), end: () => pool.end() }
    }
  }
}

const wallClock = Date.now

/** A client as a process has it that was just started. */
function open(spec: WorkerSpec) {
  Date.now = () => wallClock() + spec.skewMs
  const { store, end } = openStore(spec.store)
  const wechat = createWeChat({
    apps: [{ appid, appSecret }],
    hosts: [spec.host],
    tokenStore: store,
    tokenTimeoutMs: spec.tokenTimeoutMs,
    storeTimeoutMs: 5000,
    timeoutMs: 20_000,
  })
  return {
    app: wechat.app(appid),
    async close() {
      await wechat.close()
      await end()
    },
  }
}

let present: ReturnType<typeof open> | undefined

async function begin(spec: WorkerSpec): Promise<'ready'> {
  await present?.close()
  present = open(spec)
  return 'ready'
}

async function run({ calls, inFlight }: RunOrder): Promise<RunReport> {
  let left = calls
  let ok = 0
  const failures = new Map<string, number>()
  async function caller(): Promise<void> {
    while (left-- > 0) {
      try {
        await present?.app.getPhoneNumber({ phoneCode })
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

process.on('message', (order: WorkerSpec | RunOrder) => {
  const done = 'calls' in order ? run(order) : begin(order)
  void done.then((report) => process.send?.(report))
})
process.on('disconnect', () => process.exit())
