import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ChaosDatabase, openDatabase } from './chaos/databases.ts'
import { payingApp } from './chaos/paying-app.ts'
import { createService, type Service } from './chaos/services.ts'

/** `HAOMA_PAIRS=1000` is the size of `npm run pairs`. */
const PAIRS = Number(process.env.HAOMA_PAIRS ?? 20)
const PROCESSES = 4
const IN_FLIGHT = 8
const WITHIN_MS = 600_000

let simulator: Simulator
let app: { appid: string; appSecret: string }
let database: ChaosDatabase
let services: Service[]
const endings: (() => unknown)[] = []
let why: string | undefined

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'haoma-pairs-'))
  endings.push(() => rm(folder, { recursive: true, force: true }))
  const opened = await openDatabase('postgres', folder)
  if ('missing' in opened) {
    why = opened.missing
    return
  }
  database = opened
  endings.push(() => database.dispose())
  simulator = await createSimulator({ log: 0 })
  endings.push(() => simulator.close())
  app = payingApp(simulator)
  const env = {
    HAOMA_APPS: `${app.appid}:${app.appSecret}`,
    HAOMA_WECHAT_HOSTS: simulator.url,
    HAOMA_DATABASE_URL: database.url,
    HAOMA_MASTER_KEY: randomBytes(32).toString('base64'),
    HAOMA_TRUSTED_PROXIES: '127.0.0.1',
  }
  services = await Promise.all(Array.from({ length: PROCESSES }, () => createService(folder, env)))
  for (const service of services) endings.push(() => service.end('SIGKILL'))
  await Promise.all(services.map((service) => service.start()))
}, 120_000)
afterAll(async () => {
  for (const end of endings.reverse()) await end()
})

interface Person {
  user: string
  /** Default is to come without a number. */
  number?: string
}

interface Told {
  status: number
  body: { code?: string; isNew?: boolean; member?: { id: string; phone: { masked?: string } } }
}

/** Signs in as a mini program would, at a process of its own. Each pair comes from an address of its own. */
async function signIn({ user, number }: Person, pair: number, process: number): Promise<Told> {
  const { appid } = app
  const { code: loginCode } = simulator.device.login({ appid, user })
  const tap = number && { appid, user, component: 'quick', answer: 'allow', number }
  const detail = tap && simulator.device.phone(tap as Parameters<typeof simulator.device.phone>[0])
  const phoneCode = detail && 'code' in detail ? detail.code : undefined
  if (number && !phoneCode) throw new Error(`no phone code: ${JSON.stringify(detail)}`)
  const response = await fetch(`${services[process % PROCESSES]?.url}/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.0.${pair >> 8}.${pair & 255}` },
    body: JSON.stringify({ appid, loginCode, phoneCode }),
  })
  return { status: response.status, body: (await response.json()) as Told['body'] }
}

/** Every pair comes at once, `IN_FLIGHT` pairs at a time. */
async function all(pairOf: (pair: number) => readonly [Person, Person]): Promise<[Told, Told][]> {
  const results: [Told, Told][] = []
  let next = 0
  const queue = async () => {
    while (next < PAIRS) {
      const pair = next++
      const [one, other] = pairOf(pair)
      results.push(await Promise.all([signIn(one, pair, pair), signIn(other, pair, pair + 1)]))
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, queue))
  return results
}

const numberOf = (kind: number, pair: number) => `13${kind}${String(pair).padStart(8, '0')}`
const addPerson = (name: string, numbers: string[] = []) => simulator.control.putUser({ name, numbers })

const kinds: { name: string; pairOf: (pair: number) => readonly [Person, Person] }[] = [
  {
    name: 'one openid',
    pairOf: (pair) => {
      const user = addPerson(`a${pair}`).name
      return [{ user }, { user }]
    },
  },
  {
    name: 'one openid and one number',
    pairOf: (pair) => {
      const number = numberOf(1, pair)
      const user = addPerson(`b${pair}`, [number]).name
      return [
        { user, number },
        { user, number },
      ]
    },
  },
  {
    name: 'one openid and two numbers',
    pairOf: (pair) => {
      const [number, another] = [numberOf(2, pair), numberOf(3, pair)] as const
      const user = addPerson(`c${pair}`, [number, another]).name
      return [
        { user, number },
        { user, number: another },
      ]
    },
  },
  {
    name: 'two openids and one number',
    pairOf: (pair) => {
      const number = numberOf(4, pair)
      return [
        { user: addPerson(`d${pair}`, [number]).name, number },
        { user: addPerson(`e${pair}`, [number]).name, number },
      ]
    },
  },
]

describe(`${PAIRS} pairs of first logins at once, at two of ${PROCESSES} processes`, () => {
  it.for(kinds)('of $name make one member each', { timeout: WITHIN_MS }, async ({ pairOf }, { skip }) => {
    if (why) return skip(why)
    const results = await all(pairOf)
    const ids = new Set<string>()
    for (const pair of results) {
      expect(pair.map(({ status, body }) => body.code ?? status)).toEqual([200, 200])
      const [one, other] = pair.map(({ body }) => body.member)
      expect(one?.id).toBe(other?.id)
      expect(pair.filter(({ body }) => body.isNew)).toHaveLength(1)
      ids.add(one?.id ?? '')
    }
    expect(ids.size).toBe(PAIRS)
  })

  it('leave no deadlock, no second member and no consent without its entry', async ({ skip }) => {
    if (why) return skip(why)
    const [found] = await database.read<Record<string, unknown>>(
      `select (select sum(deadlocks) from pg_stat_database)::int as deadlocks,
        (select count(*) from members)::int as members,
        (select count(*) from identities where provider = 'phone')::int as numbers,
        (select count(*) from ledger where state = 'used')::int as used`,
    )
    const { consents } = simulator.control.bill(app.appid).components.quick
    expect(found).toEqual({ deadlocks: 0, members: 4 * PAIRS, numbers: 3 * PAIRS, used: consents })
    expect(consents).toBe(6 * PAIRS)
  })
})
