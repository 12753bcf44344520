import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFaultyDatabase, type FaultyDatabase } from '../../test/support/faulty-database.ts'
import { type Answer, appid, type Client, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { paths } from '../../test/support/simulated-wechat.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'

/** Longer than a lease, so that what a dead process held can be taken over. */
const LEASE_OVER_MS = 60_000
const LIFE_OVER_MS = 7 * 60_000

const USERS = 3
const PROCESSES = 2

/** What may happen, in any order. Sends are not waited for until the next `settle`. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tap' as const), user: fc.nat(USERS - 1) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      body: fc.nat(9),
      process: fc.nat(PROCESSES - 1),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      path: fc.constantFrom(paths.login, paths.phone),
      kind: fc.constantFrom('drop-before', 'drop-after', 'half-body', 'busy', 'busy-spent', 'quota'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('break' as const, 'lose' as const, 'crash' as const),
      process: fc.nat(PROCESSES - 1),
      afterCalls: fc.nat(20),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const faults = {
  'drop-before': { kind: 'drop-before' },
  'drop-after': { kind: 'drop-after' },
  'half-body': { kind: 'half-body' },
  busy: { kind: 'errcode', errcode: -1 },
  'busy-spent': { kind: 'errcode', errcode: -1, spend: true },
  quota: { kind: 'errcode', errcode: 45009 },
} as const

let fixture: Fixture
let runs = 0
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haoma-property-'))
  fixture = await startFixture({ database: await openSqliteDatabase(join(folder, 'haoma.db')) })
})
afterAll(async () => {
  await fixture.close()
  await rm(folder, { recursive: true })
})

interface Sent {
  user: number
  body: { appid: string; loginCode: string; phoneCode: string }
  answers: Answer[]
}

it('never loses an acknowledged login, never spends a code twice, and the ledger adds up', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 16 }), run), { numRuns: 50 })
}, 120_000)

async function run(steps: Step[]): Promise<void> {
  runs += 1
  const { wechat } = fixture
  const name = (user: number) => `运行${runs}用户${user}`
  const number = (user: number) => `136${String(runs).padStart(6, '0')}${String(user).padStart(2, '0')}`
  for (let user = 0; user < USERS; user += 1) await wechat.addUser(name(user), [number(user)])
  const processes = await Promise.all(Array.from({ length: PROCESSES }, startProcess))
  const sent: Sent[] = []
  let pending: Promise<unknown>[] = []

  const settle = async () => {
    await Promise.all(pending)
    pending = []
  }

  for (const one of [{ do: 'tap' as const, user: 0 }, ...steps]) {
    if (one.do === 'tap') {
      const { user } = one
      const [loginCode, phoneCode] = await Promise.all([
        wechat.loginCode(name(user)),
        wechat.phoneCode(name(user)),
      ])
      sent.push({ user, body: { appid, loginCode, phoneCode }, answers: [] })
    } else if (one.do === 'send') {
      const what = sent[one.body % Math.max(sent.length, 1)]
      const { client } = at(processes, one.process)
      for (let time = 0; what && time < one.times; time += 1) {
        pending.push(client.post('/v1/login', what.body).then((answer) => what.answers.push(answer)))
      }
    } else if (one.do === 'fault') {
      await wechat.fault({ ...faults[one.kind as keyof typeof faults], path: one.path, count: 1 })
    } else if (one.do === 'break') {
      at(processes, one.process).database.breakBefore(one.afterCalls)
    } else if (one.do === 'lose') {
      // The call happens, a commit too, and its answer never comes.
      at(processes, one.process).database.breakAfter(one.afterCalls)
    } else if (one.do === 'crash') {
      // Nothing that the old process does from here on reaches the database, and its memory is gone.
      at(processes, one.process).database.breakBefore(one.afterCalls)
      await settle()
      at(processes, one.process).database.kill()
      processes[one.process] = await startProcess()
    } else {
      await settle()
      for (const { database } of processes) database.mend()
    }
  }

  // The storm is over. Every client goes on as the answers tell it to.
  await settle()
  for (const { database } of processes) database.mend()
  await wechat.clearFaults()
  await fixture.advance(LEASE_OVER_MS)
  const firstUses = sent.filter(({ answers }) => answers.length > 0)
  for (const { body, answers } of firstUses) {
    answers.push(await at(processes, 0).client.post('/v1/login', body))
  }
  await fixture.advance(LIFE_OVER_MS)
  await fixture.haoma.housekeep()

  await check(firstUses, number)
}

async function check(sent: readonly Sent[], number: (user: number) => string): Promise<void> {
  const exchanges = await fixture.wechat.exchanges()
  for (const { user, body, answers } of sent) {
    const story = answers.map(({ status, body: { code } }) => code ?? status).join(', ')
    const last = answers.at(-1) as Answer
    const acknowledged = answers.filter(({ status }) => status === 200)
    const row = await fixture.ledgerOf(body.phoneCode)
    const exchanged = exchanges.get(body.phoneCode) ?? 0

    expect(last.body.action, `ends in a final answer: ${story}`).not.toBe('retry')
    expect(exchanged, `is exchanged once at most: ${story}`).toBeLessThanOrEqual(1)
    for (const { body: answer } of acknowledged) {
      expect(answer.member.id, `gives every caller the same: ${story}`).toBe(acknowledged[0]?.body.member.id)
      expect(answer.member.phone.masked).toBe(`136****${number(user).slice(-4)}`)
    }
    if (acknowledged.length > 0) {
      expect(last.status, `stays acknowledged: ${story}`).toBe(200)
      expect(row, story).toMatchObject({ state: 'used', memberId: last.body.member.id })
    }
    if (row?.state === 'used') expect(exchanged, `is used by one exchange: ${story}`).toBe(1)
    if (exchanged === 1) {
      expect(['used', 'lost'], `was paid for and is accounted for: ${story}`).toContain(row?.state)
    } else {
      expect(['expired', 'refused', 'lost'], story).toContain(row?.state)
    }
  }
}

async function startProcess(): Promise<{ client: Client; database: FaultyDatabase }> {
  const database = createFaultyDatabase()
  const client = await fixture.startAnother({
    // A connection of its own, as another process has.
    database: await openSqliteDatabase(join(folder, 'haoma.db')),
    wrapDatabase: database.wrap,
    exchangePolicy: { waitMs: 50, pollMs: 5, patienceMs: 0, longestPauseMs: 20, graceMs: 200 },
  })
  return { client, database }
}

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T
}
