import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWeChat } from '../src/index.ts'
import type { RunOrder, RunReport, StoreSpec, WorkerSpec } from './fleet-worker.ts'
import { appid, openStandIn, phoneAnswer, phoneCode, type StandIn } from './stand-in.ts'

const processes = 8
const tokenPath = '/cgi-bin/stable_token'
const phonePath = '/wxa/business/getuserphonenumber'
const { REDIS_URL, DATABASE_URL } = process.env
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const workerFile = here('../.cache/fleet-worker.mjs')

const stores: { name: string; missing: string | undefined; open: () => Promise<StoreSpec> }[] = [
  {
    name: 'files',
    missing: undefined,
    open: async () => ({ kind: 'file', directory: await mkdtemp(join(tmpdir(), 'haoma-fleet-')) }),
  },
  {
    name: 'Redis',
    missing: REDIS_URL === undefined ? 'REDIS_URL' : undefined,
    open: async () => ({ kind: 'redis', url: REDIS_URL ?? '', prefix: `fleet:${randomUUID()}` }),
  },
  {
    name: 'PostgreSQL',
    missing: DATABASE_URL === undefined ? 'DATABASE_URL' : undefined,
    open: async () => ({
      kind: 'postgres',
      url: DATABASE_URL ?? '',
      table: `fleet_${randomUUID().replaceAll('-', '_')}`,
    }),
  },
]

beforeAll(async () => {
  await build({
    entryPoints: [here('./fleet-worker.ts')],
    outfile: workerFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['haoma-source'],
    external: ['undici', 'ioredis', 'pg'],
  })
})

/** In the test that runs, and left from those before: to start a process takes longer than most of what it is for. */
const workers: ChildProcess[] = []
const idle: ChildProcess[] = []
let standIn: StandIn
let store: StoreSpec | undefined

beforeEach(async () => {
  standIn = await openStandIn({ tokenDelayMs: 200 })
})
afterEach(async ({ task }) => {
  const used = workers.splice(0)
  // What a failed test left undone would be told to the next one.
  if (task.result?.state === 'fail') for (const worker of used) worker.kill('SIGKILL')
  idle.push(...used.filter((worker) => !worker.killed))
  await standIn.close()
  if (store?.kind === 'file') await rm(store.directory, { recursive: true, force: true })
})

afterAll(() => {
  for (const worker of idle) worker.kill('SIGKILL')
})

/** Counts accepted calls and replaces the token after every thousand of them. */
function replaceUnderLoad(): () => number {
  let accepted = 0
  let replacements = 0
  standIn.route(phonePath, ({ query }) => {
    const refusal = standIn.refusal(query)
    if (refusal !== undefined) return refusal
    if (++accepted % 1000 === 0) {
      standIn.replaceToken()
      replacements++
    }
    return phoneAnswer()
  })
  return () => replacements
}

async function start(count: number, { skewMs = 0 } = {}): Promise<ChildProcess[]> {
  if (store === undefined) throw new Error('open a store first')
  const spec: WorkerSpec = { host: standIn.url, store, tokenTimeoutMs: 2000, skewMs }
  const fleet = Array.from({ length: count }, () => idle.pop() ?? fork(workerFile, [], { execArgv: [] }))
  workers.push(...fleet)
  await Promise.all(fleet.map((worker) => tell(worker, spec)))
  return fleet
}

/** Tells a process what to be or to do, and waits until that is done. */
async function tell(worker: ChildProcess, order: WorkerSpec | RunOrder): Promise<unknown> {
  worker.send(order)
  const [report] = await once(worker, 'message')
  return report
}

const run = async (worker: ChildProcess, order: RunOrder) => (await tell(worker, order)) as RunReport

async function runAll(fleet: ChildProcess[], order: RunOrder): Promise<RunReport> {
  const reports = await Promise.all(fleet.map((worker) => run(worker, order)))
  return {
    ok: reports.reduce((sum, { ok }) => sum + ok, 0),
    failed: reports.reduce((sum, { failed }) => sum + failed, 0),
    failures: [...new Set(reports.flatMap(({ failures }) => failures))],
  }
}

for (const { name, missing, open } of stores) {
  const title = missing === undefined ? name : `${name} (needs ${missing})`
  describe.skipIf(missing !== undefined)(
    `a fleet that shares tokens through ${title}`,
    { timeout: 60_000 },
    () => {
      beforeEach(async () => {
        store = await open()
      })

      it('fetches one token for 8 processes with 100 cold callers each', async () => {
        const fleet = await start(processes)
        const report = await runAll(fleet, { calls: 100, inFlight: 100 })
        expect(report).toEqual({ ok: 800, failed: 0, failures: [] })
        expect(standIn.count(tokenPath)).toBe(1)
      })

      it('fails no call of a process that is two replaced tokens behind, whatever its clock says', async () => {
        const one = { calls: 1, inFlight: 1 }
        const [[behind], [ahead]] = [await start(1, { skewMs: 240_000 }), await start(1)]
        if (behind === undefined || ahead === undefined) throw new Error('two processes are needed')
        for (const worker of [behind, ahead]) await run(worker, one)
        for (let i = 0; i < 3; i++) {
          standIn.replaceToken()
          expect(await run(ahead, one)).toMatchObject({ failed: 0 })
          standIn.replaceToken()
          const report = await run(behind, { calls: 100, inFlight: 100 })
          expect(report).toEqual({ ok: 100, failed: 0, failures: [] })
        }
        expect(standIn.count(tokenPath)).toBeLessThanOrEqual(7)
      })

      it('goes on when the process that fetches is killed, with one more fetch', async () => {
        const [holder, ...others] = await start(processes)
        standIn.route(tokenPath, () => 'hang')
        holder?.send({ calls: 1, inFlight: 1 })
        while (standIn.count(tokenPath) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
        holder?.kill('SIGKILL')
        standIn.route(tokenPath, () => ({ access_token: standIn.replaceToken(), expires_in: 7200 }))
        const report = await runAll(others, { calls: 100, inFlight: 100 })
        expect(report).toEqual({ ok: 700, failed: 0, failures: [] })
        expect(standIn.count(tokenPath)).toBe(2)
        expect(standIn.count(phonePath)).toBe(700)
      })
    },
  )
}

describe.each([
  ['refused at once', true],
  ['accepted for a while', false],
])('a token that is replaced elsewhere under load, the old one %s', { timeout: 120_000 }, (_, strict) => {
  it('costs none of 10,000 calls and at most one fetch for each replacement', async () => {
    await standIn.close()
    standIn = await openStandIn({ tokenDelayMs: 50, strict })
    store = await (stores[0] as (typeof stores)[0]).open()
    const replacements = replaceUnderLoad()
    const report = await runAll(await start(processes), { calls: 1250, inFlight: 16 })
    expect(report).toEqual({ ok: 10_000, failed: 0, failures: [] })
    expect(replacements()).toBe(10)
    expect(standIn.count(tokenPath)).toBeLessThanOrEqual(1 + replacements())
  })
})

describe('a wrong AppSecret', () => {
  it('costs two fetches at most while 1,000 callers try for two seconds', async () => {
    const wechat = createWeChat({ apps: [{ appid, appSecret: 'wrong' }], hosts: [standIn.url] })
    const endsAtMs = Date.now() + 2000
    const caller = async () => {
      while (Date.now() < endsAtMs) {
        await expect(wechat.app(appid).getPhoneNumber({ phoneCode })).rejects.toMatchObject({
          errcode: 40125,
        })
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    await Promise.all(Array.from({ length: 1000 }, caller))
    expect(standIn.count(tokenPath)).toBeLessThanOrEqual(2)
    expect(standIn.count(phonePath)).toBe(0)
    await wechat.close()
  })
})
