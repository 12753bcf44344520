import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresDatabase } from '../../../../test/support/databases-under-test.ts'
import { appid, type Fixture, startFixture } from '../../../../test/support/fixture.ts'
import { toHaomaError } from '../../../http/problems.ts'
import { StoreConflictError, StoreTextError } from '../../errors.ts'
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

  it('a failure that the work passed over fails the commit, which stores nothing', async () => {
    const { db } = fixture
    const member = { id: 'm1', createdAtMs: 1 }
    const careless = db.transaction(async ({ members }) => {
      await members.create(member)
      await members.create(member).catch(() => {})
    })
    await expect(careless).rejects.toThrow(StoreConflictError)
    expect(await db.members.find('m1')).toBeUndefined()
  })

  describe('a login takes few round trips, BEGIN and COMMIT counted', () => {
    const people = ['甲', '乙', '丙', '丁']
    const bodyOf = async (name: string, { withNumber = false, deviceId = '' }) => ({
      appid,
      loginCode: await fixture.wechat.loginCode(name),
      ...(withNumber && { phoneCode: await fixture.wechat.phoneCode(name) }),
      ...(deviceId && { client: { deviceId: `${deviceId}-${name}` } }),
    })
    beforeAll(async () => {
      for (const [i, name] of people.entries()) await fixture.wechat.addUser(name, [`1370000001${i}`])
      // The access token, which is written down too, is there from now on.
      await tripsOf(await bodyOf('甲', { withNumber: true }))
    })

    it.each([
      { login: 'of somebody new, with a number', withNumber: true, trips: 5 },
      { login: 'of somebody known, with a number', withNumber: true, trips: 6 },
      { login: 'of somebody known, silent', trips: 4 },
      { login: 'silent, with a device', deviceId: 'device', trips: 4 },
      { login: 'silent, ending the session before on the device', deviceId: 'device', trips: 5 },
    ])('$login: $trips', async ({ trips, ...login }) => {
      const counts: number[] = []
      for (const name of people.slice(1)) counts.push(await tripsOf(await bodyOf(name, login)))
      // A job of the service may have been at the database meanwhile.
      expect(Math.min(...counts)).toBe(trips)
    })
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
