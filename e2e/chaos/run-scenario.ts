import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createSimulator } from '@haoma/simulator'
import { ownRedis } from '../../scripts/services/redis.mjs'
import { type Account, settleAccounts } from './accountant.ts'
import { type Crowd, gatherCrowd } from './clients.ts'
import { type ChaosDatabase, openDatabase } from './databases.ts'
import { payingApp } from './paying-app.ts'
import type { Disaster, Scenario } from './scenarios.ts'
import { createService, type Service } from './services.ts'

const LOG_SIZE = 500_000
/** So many requests have to be in flight before something happens. */
const LOAD = 2
const LOAD_WITHIN_MS = 30_000

/** Runs the scenario to its end and settles the accounts. Whatever was started is ended. */
export async function runScenario(scenario: Scenario): Promise<Account | { missing: string }> {
  const clocks = scenario.clocksOffS ?? []
  const has = (what: Disaster['do']) => scenario.disasters.some((disaster) => disaster.do === what)
  const folder = await mkdtemp(join(tmpdir(), 'haoma-chaos-'))
  const endings: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const needs = { disk: has('fill the disk'), network: has('cut a commit') }
    const database = await openDatabase(scenario.database, folder, needs)
    if ('missing' in database) return database
    endings.push(() => database.dispose())
    const redis = has('stop Redis') ? await startRedis() : undefined
    if (redis?.missing !== undefined) return { missing: redis.missing }
    endings.push(() => redis?.stop())
    const simulator = await createSimulator({ log: LOG_SIZE })
    endings.push(() => simulator.close())
    const { appid, appSecret } = payingApp(simulator)
    const env = {
      HAOMA_APPS: `${appid}:${appSecret}`,
      HAOMA_WECHAT_HOSTS: simulator.url,
      HAOMA_DATABASE_URL: database.url,
      HAOMA_MASTER_KEY: randomBytes(32).toString('base64'),
      ...(redis && { HAOMA_REDIS_URL: redis.url }),
    }
    const services = await Promise.all(
      Array.from({ length: scenario.processes }, (_, at) =>
        createService(folder, { ...env, ...clockOff(clocks[at]) }),
      ),
    )
    for (const service of services) endings.push(() => service.end('SIGKILL'))
    await Promise.all(services.map((service) => service.start()))

    for (const fault of scenario.weather ?? []) simulator.control.addFault(fault)
    const crowd = gatherCrowd({ simulator, appid, services, ...scenario.crowd })
    const scene = { crowd, services, database, redis }
    for (const disaster of scenario.disasters) await strike(disaster, scene)
    if (scenario.disasters.length === 0) await crowd.everybody()
    await crowd.finish()

    const [service] = services as [Service]
    const account = await settleAccounts({ simulator, appid, database, diaries: crowd.diaries, service })
    for (const [at, each] of services.entries()) {
      const exitCode = await each.end('SIGTERM')
      if (exitCode !== 0)
        account.findings.push(`process ${at} ends with ${exitCode}:\n${each.output().slice(-2000)}`)
    }
    const { lost } = account.figures
    if (scenario.mayLose === 'none' && lost > 0) account.findings.push(`${lost} codes were lost`)
    return account
  } finally {
    for (const end of endings.reverse()) await end()
  }
}

const clockOffModule = new URL('./clock-off.mjs', import.meta.url).href

function clockOff(seconds: number | undefined): Record<string, string> {
  if (seconds === undefined) return {}
  return { NODE_OPTIONS: `--import=${clockOffModule}`, CLOCK_OFF_MS: String(1000 * seconds) }
}

interface StartedRedis {
  missing?: undefined
  url: string
  stop(): Promise<void>
  start(): Promise<void>
}

/** A Redis that goes away and comes back at the same address, empty. */
async function startRedis(): Promise<StartedRedis | { missing: string }> {
  const first = await ownRedis()
  if (first.missing !== undefined) return { missing: first.missing }
  const { url, port } = first
  let running = first
  return {
    url,
    stop: () => running.stop(),
    start: async () => {
      const next = await ownRedis(port)
      if (next.missing !== undefined) throw new Error(next.missing)
      running = next
    },
  }
}

interface Scene {
  crowd: Crowd
  services: readonly Service[]
  database: ChaosDatabase
  redis: StartedRedis | undefined
}

async function strike(disaster: Disaster, scene: Scene): Promise<void> {
  const { crowd, services } = scene
  for (let time = 0; time < disaster.times; time += 1) {
    const service = services[time % services.length] as Service
    await underLoad(crowd, service)
    if (disaster.do === 'end a process') {
      if (disaster.signal === 'SIGKILL') crowd.noteKill(service)
      await service.end(disaster.signal)
      await service.start()
    } else if (disaster.do === 'cut a commit') {
      await scene.database.network?.cutCommit(disaster.when)
    } else {
      const [take, giveBack] = takings[disaster.do](scene)
      await take()
      await delay(disaster.forMs)
      await giveBack()
    }
  }
}

type Taking = readonly [take: () => unknown, giveBack: () => unknown]

const takings = {
  'stop the database': ({ database }) => [() => database.stop(), () => database.start()],
  'forbid writing': ({ database }) => [() => database.setReadOnly(true), () => database.setReadOnly(false)],
  'fill the disk': ({ database }) => [() => database.fill(), () => database.free()],
  'stop Redis': ({ redis }) => [() => redis?.stop(), () => redis?.start()],
} satisfies Record<string, (scene: Scene) => Taking>

/** Waits until the service has work, and then for a moment, so that what happens meets the work anywhere. */
async function underLoad(crowd: Crowd, service: Service): Promise<void> {
  const untilMs = Date.now() + LOAD_WITHIN_MS
  const isIdle = () => crowd.inFlight(service) < LOAD
  while (isIdle() && Date.now() < untilMs) await delay(5)
  await delay(Math.random() * 100)
  while (isIdle() && Date.now() < untilMs) await delay(1)
  if (isIdle()) {
    const ends = crowd.diaries.slice(-20).map(({ story }) => story.join(', '))
    throw new Error(
      `${service.url} had no load in ${LOAD_WITHIN_MS} ms; the last people:\n${ends.join('\n')}`,
    )
  }
}
