import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { postgresUnderTest, sqliteUnderTest } from '../../../test/support/databases-under-test.ts'
import { type Client, createClient } from '../../../test/support/fixture.ts'
import { type SmsProviders, startSmsProviders } from '../../../test/support/sms-providers.ts'
import { assemble } from '../../create-haoma.ts'
import { createKeyRing } from '../../crypto/key-ring.ts'
import { createLogger } from '../../kernel/logger.ts'
import type { CreateDatabases } from '../../stores/conformance/databases.ts'

const SKEW_MS = 4 * 60_000
const postgres = await postgresUnderTest(15)
const databases: [string, CreateDatabases | undefined, number][] = [
  ['SQLite', sqliteUnderTest, 0],
  // Their clocks differ by minutes, and the database's decides.
  ['PostgreSQL', postgres.create, SKEW_MS],
]

describe.each(databases.filter(([, create]) => create))('two processes on %s', (_name, create, skewMs) => {
  let providers: SmsProviders
  const closers: (() => Promise<unknown>)[] = []
  const clients: Client[] = []
  beforeAll(async () => {
    providers = await startSmsProviders()
    closers.push(() => providers.close())
    const database = await (create as CreateDatabases)()
    closers.push(() => database.dispose())
    const keyRing = createKeyRing([randomBytes(32)])
    // The first one to open it brings the tables.
    for (const aheadMs of [0, skewMs]) {
      const haoma = await assemble({
        db: await database.open(),
        keyRing,
        options: {
          apps: [{ appid: 'shop-h5', kind: 'h5' }],
          sms: { provider: providers.tencent, budgetADay: 6 },
          logger: createLogger('silent'),
          clock: { now: () => Date.now() + aheadMs },
        },
      })
      closers.push(() => haoma.close())
      clients.push(createClient(haoma))
    }
  })
  afterEach(() => {
    providers.taken.length = 0
  })
  afterAll(async () => {
    for (const close of closers.reverse()) await close()
  })

  const ask = (i: number, phoneNumber: string, deviceId = `device-${i}-of-many`) =>
    clients[i % 2]?.post('/v1/sms/send', { appid: 'shop-h5', phoneNumber, client: { deviceId } })

  it('that are asked for one number at once send one SMS', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => ask(i, '13800138000')))
    expect(providers.taken).toHaveLength(1)
    expect(answers.map((answer) => answer?.status).sort()).toEqual([200, ...Array(9).fill(429)])
    for (const answer of answers) {
      if (answer?.status === 429) expect(answer.body.retryAfterS).toBeLessThanOrEqual(60)
    }
  })

  it('give the device of a code the same code again, whichever it asks', async () => {
    const answers = await Promise.all([0, 1, 2, 3].map((i) => ask(i, '13800138001', 'one-device-of-all')))
    expect(answers.map((answer) => answer?.status)).toEqual([200, 200, 200, 200])
    expect(new Set(answers.map((answer) => answer?.body.requestId)).size).toBe(1)
    expect(providers.taken).toHaveLength(1)
    const entry = { requestId: answers[0]?.body.requestId, code: providers.taken[0]?.values[0] }
    const client = { deviceId: 'one-device-of-all' }
    const logins = await Promise.all(clients.map((one) => one.post('/v1/sms/login', { ...entry, client })))
    expect(logins.map(({ status }) => status)).toEqual([200, 200])
    expect(new Set(logins.map(({ body }) => body.member.id)).size).toBe(1)
  })

  it('spend no more than the budget of a day together', async () => {
    const numbers = Array.from({ length: 8 }, (_, i) => `1390013900${i}`)
    const answers = await Promise.all(numbers.map((one, i) => ask(i, one)))
    const codes = answers.map((answer) => answer?.body.code ?? 'ok').sort()
    expect(codes).toEqual([...Array(4).fill('SMS_BUDGET_REACHED'), ...Array(4).fill('ok')])
    expect(providers.taken).toHaveLength(4)
  })
})
