import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createHaoma, createLogger, type Haoma } from '@haoma/server'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { createLogin, type Login, LoginError } from '@haoma/uni/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ChaosDatabase, openDatabase } from './chaos/databases.ts'
import { consent, type Network, platformOf } from './support/person.ts'

/** `HAOMA_LOGINS=500 npm test -- e2e/flaky-network` is the long form. */
const people = Number(process.env.HAOMA_LOGINS ?? 40)
const lossRate = 0.3
/** Somebody who closes the mini program once in so many waits. */
const closeRate = 0.15
/** So long does somebody keep at it; a code lives 5 minutes. */
const patienceMs = 150_000

const app = { appid: 'wx5f0a3c9e7b1d2468', appSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' }
let simulator: Simulator
let haoma: Haoma
let database: ChaosDatabase
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haoma-flaky-'))
  const opened = await openDatabase('sqlite', folder)
  if ('missing' in opened) throw new Error(opened.missing)
  database = opened
  simulator = await createSimulator()
  haoma = await createHaoma({
    apps: [app],
    wechatHosts: [simulator.url],
    databaseUrl: database.url,
    masterKey: Buffer.alloc(32, 7),
    logger: createLogger('silent'),
  })
})
afterAll(async () => {
  await haoma?.close()
  await simulator?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Loses three of ten, half of them before the service has heard of it and half after. */
const flaky =
  (ip: string): Network =>
  async (url, init) => {
    const luck = Math.random()
    if (luck < lossRate / 2) throw new TypeError('the request was lost')
    const answer = await haoma.fetch(new Request(url, init), { ip })
    const body = await answer.text()
    if (luck < lossRate) throw new TypeError('the answer was lost')
    return new Response(body || null, { status: answer.status })
  }

interface Story {
  user: string
  consents: number
  closed: number
  end: string
}

/** Somebody who wants to sign in: taps when a tap is offered, retries when that is, and now and then closes it all. */
async function signIn(user: string, ip: string): Promise<Story> {
  const story = { user, consents: 0, closed: 0, end: '' }
  const storage = new Map<string, unknown>()
  let launch = 0
  const open = (): Login => {
    launch++
    const own = launch
    const network = flaky(ip)
    const platform = platformOf({
      simulator,
      appid: app.appid,
      user,
      storage,
      // What was under way dies with the program that asked.
      network: async (url, init) => {
        const answer = await network(url, init)
        return own === launch ? answer : new Promise<Response>(() => undefined)
      },
      failed: (reason, cause) => new LoginError(reason, { cause }),
    })
    // Nor does a closed program write.
    const { storage: kept } = platform
    const set = (key: string, value: unknown) => void (own === launch && kept.set(key, value))
    const remove = (key: string) => void (own === launch && kept.remove(key))
    const login = createLogin({
      appid: app.appid,
      baseUrl: 'http://login.test',
      platform: { ...platform, storage: { ...kept, set, remove } },
    })
    void login.start()
    return login
  }

  let login = open()
  const untilMs = Date.now() + patienceMs
  while (Date.now() < untilMs) {
    await delay(100 + Math.random() * 200)
    const { status, canRetry } = login.read()
    if (status === 'bound') break
    if (story.consents > 0 && Math.random() < closeRate / 10) {
      story.closed++
      login = open()
      continue
    }
    if (canRetry) void login.retry()
    else if (status === 'ready' && login.tap('quick')) {
      const detail = consent(simulator, app.appid, user)
      if (!detail.code) throw new Error(JSON.stringify(detail))
      story.consents++
      void login.answer({ detail }, 'quick')
    }
  }
  const { status, message } = login.read()
  story.end = status === 'bound' ? 'member' : `${status}: ${message}`
  return story
}

it(`takes ${people} people through a network that loses three of ten, and none pays twice`, {
  timeout: 240_000,
}, async () => {
  const stories = await Promise.all(
    Array.from({ length: people }, (_, at) => signIn(`flaky-${at}`, `10.0.${at >> 8}.${at & 255}`)),
  )
  // Nobody is left without an end, and an end is a member.
  expect(stories.filter(({ end }) => end !== 'member')).toEqual([])
  expect(stories.filter(({ consents }) => consents !== 1)).toEqual([])

  const { components } = simulator.control.bill(app.appid)
  expect(components.quick.consents).toBe(people)
  const ledger = await database.read<{ state: string; is_billed: number; member_id: string | null }>(
    'select state, is_billed, member_id from ledger',
  )
  expect(ledger.filter(({ is_billed }) => is_billed === 1)).toHaveLength(people)
  expect(ledger.every(({ state, member_id }) => state === 'used' && member_id !== null)).toBe(true)
  const members = await database.read<{ id: string }>("select id from members where state = 'active'")
  expect(members).toHaveLength(people)
})
