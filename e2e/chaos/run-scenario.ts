import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { type Account, settleAccounts } from './accountant.ts'
import { type Crowd, gatherCrowd } from './clients.ts'
import { type ChaosDatabase, openDatabase } from './databases.ts'
import type { Disaster, Scenario } from './scenarios.ts'
import { createService, type Service } from './services.ts'

const LOG_SIZE = 500_000
/** So many requests have to be in flight before something happens. */
const LOAD = 2
const LOAD_WITHIN_MS = 30_000

/** Runs the scenario to its end and settles the accounts. Whatever was started is ended. */
export async function runScenario(scenario: Scenario): Promise<Account | { missing: string }> {
  const clocks = scenario.clocksOffS ?? []
  if (clocks.length > 0 && !fakeTime) return { missing: 'libfaketime (apt-get install faketime)' }
  const folder = await mkdtemp(join(tmpdir(), 'haoma-chaos-'))
  const endings: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const database = await openDatabase(scenario.database, folder)
    if ('missing' in database) return database
    endings.push(() => database.dispose())
    const simulator = await createSimulator({ log: LOG_SIZE })
    endings.push(() => simulator.close())
    const { appid, appSecret } = payingApp(simulator)
    const env = {
      HAOMA_APPS: `${appid}:${appSecret}`,
      HAOMA_WECHAT_HOSTS: simulator.url,
      HAOMA_DATABASE_URL: database.url,
      HAOMA_MASTER_KEY: randomBytes(32).toString('base64'),
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
    await strike(scenario.disaster, { crowd, services, database })
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

/** An app whose every consent costs money, so that the bill and the ledger can be compared in money. */
function payingApp({ apps, control }: Simulator): { appid: string; appSecret: string } {
  const app = apps.find(({ accountType }) => accountType === 'mini-program')
  if (!app) throw new Error('the simulator has no mini program')
  control.putApp({ appid: app.appid, trial: { quick: 0 } })
  control.addPack({ appid: app.appid, component: 'quick', size: 1_000_000 })
  return app
}

/** Where Debian puts it; the command of that name starts a second process, which would take the signals. */
const fakeTime = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path))

function clockOff(seconds: number | undefined): Record<string, string> {
  if (seconds === undefined || !fakeTime) return {}
  const sign = seconds < 0 ? '-' : '+'
  return {
    LD_PRELOAD: fakeTime,
    FAKETIME: `${sign}${Math.abs(seconds)}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
}

interface Scene {
  crowd: Crowd
  services: readonly Service[]
  database: ChaosDatabase
}

async function strike(disaster: Disaster, { crowd, services, database }: Scene): Promise<void> {
  if (disaster.do === 'nothing') return crowd.everybody()
  for (let time = 0; time < disaster.times; time += 1) {
    const service = services[time % services.length] as Service
    await underLoad(crowd, service)
    if (disaster.do === 'stop the database') {
      database.stop()
      await delay(disaster.forMs)
      database.start()
      continue
    }
    if (disaster.signal === 'SIGKILL') crowd.noteKill(service)
    await service.end(disaster.signal)
    await service.start()
  }
}

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
