import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresUnderTest } from '../../test/support/databases-under-test.ts'
import { assemblePeople, type People } from '../assembly/people.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { systemClock } from '../kernel/clock.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import type { DatabaseUnderTest } from '../stores/conformance/databases.ts'
import type { Database } from '../stores/database.ts'
import type { ArrivalEnd, SignedIn } from '../ways/arrivals.ts'

/** `HAOMA_PAIRS=1000` is the size of `npm run pairs`. */
const PAIRS = Number(process.env.HAOMA_PAIRS ?? 30)
const PROCESSES = 4
const IN_FLIGHT = 16
const appid = 'wx1'

const { create, missing } = await postgresUnderTest(15)

/** Two logins of one new person at once, each in another process, and what the merge policy says of both. */
describe.skipIf(create === undefined)(
  `${PAIRS} pairs of first logins at once ${missing ?? ''}`.trim(),
  () => {
    let underTest: DatabaseUnderTest
    let processes: { db: Database; people: People }[]

    beforeAll(async () => {
      if (!create) return
      underTest = await create()
      const keyRing = createKeyRing([randomBytes(32)])
      processes = await Promise.all(
        Array.from({ length: PROCESSES }, async () => {
          const db = await underTest.open()
          const logger = createLogger('silent')
          const people = await assemblePeople({
            options: {},
            keyRing,
            db,
            logger,
            clock: systemClock,
            newId: createUuidV7,
          })
          return { db, people }
        }),
      )
    })
    afterAll(async () => {
      await Promise.all((processes ?? []).map(({ db }) => db.close()))
      await underTest?.dispose()
    })

    const login = (at: number, openid: string, e164?: string): Promise<ArrivalEnd<SignedIn>> => {
      const { db, people } = processes[at % PROCESSES] as (typeof processes)[number]
      const phone = e164 && { e164, verifiedBy: 'quick' as const, verifiedAtMs: systemClock.now() }
      return db.transaction((stores) =>
        people.arrivals.signIn(stores, { user: { appid, openid }, way: 'wechat', ...(phone && { phone }) }),
      )
    }
    const run = async (pair: (i: number) => Promise<ArrivalEnd<SignedIn>[]>) => {
      const results: ArrivalEnd<SignedIn>[][] = []
      let next = 0
      const worker = async () => {
        while (next < PAIRS) {
          const i = next
          next += 1
          results.push(await pair(i))
        }
      }
      await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
      return results
    }
    const numberOf = (i: number, tail: number) => `+861${38_00_000_000 + i * 10 + tail}`
    const endsOf = (ends: readonly ArrivalEnd<SignedIn>[]) => ({
      members: new Set(ends.map(({ memberId }) => memberId)).size,
      refused: ends.filter((end) => 'refused' in end).length,
      news: ends.filter((end) => 'done' in end && end.done.isNew).length,
    })
    const expectAll = (results: ArrivalEnd<SignedIn>[][], expected: ReturnType<typeof endsOf>) => {
      expect(results).toHaveLength(PAIRS)
      for (const ends of results) expect(endsOf(ends)).toEqual(expected)
    }

    it('of one openid make one member', async () => {
      const results = await run((i) => Promise.all([login(i, `a${i}`), login(i + 1, `a${i}`)]))
      expectAll(results, { members: 1, refused: 0, news: 1 })
    })

    it('of one openid and one number make one member', async () => {
      const results = await run((i) =>
        Promise.all([login(i, `b${i}`, numberOf(i, 1)), login(i + 1, `b${i}`, numberOf(i, 1))]),
      )
      expectAll(results, { members: 1, refused: 0, news: 1 })
    })

    it('of one openid and two numbers make one member, whose number is the later one', async () => {
      const results = await run((i) =>
        Promise.all([login(i, `c${i}`, numberOf(i, 2)), login(i + 1, `c${i}`, numberOf(i, 3))]),
      )
      expectAll(results, { members: 1, refused: 0, news: 1 })
    })

    it('of two openids and one number make one member who has both', async () => {
      const results = await run((i) =>
        Promise.all([login(i, `d${i}`, numberOf(i, 4)), login(i + 1, `e${i}`, numberOf(i, 4))]),
      )
      expectAll(results, { members: 1, refused: 0, news: 1 })
      const [[first] = []] = results
      const identities = await processes[0]?.db.members.identitiesOf(first?.memberId ?? '')
      expect(identities).toHaveLength(3)
    })

    it('of two members for the number of each other end in two conflicts and no deadlock', async () => {
      const results = await run(async (i) => {
        await login(i, `f${i}`, numberOf(i, 5))
        await login(i, `g${i}`, numberOf(i, 6))
        return Promise.all([login(i, `f${i}`, numberOf(i, 6)), login(i + 1, `g${i}`, numberOf(i, 5))])
      })
      expectAll(results, { members: 2, refused: 2, news: 0 })
    })

    it('count the events of each member without a gap', async () => {
      const { db } = processes[0] as (typeof processes)[number]
      const ends = await run((i) => Promise.all([login(i, `c${i}`), login(i + 1, `c${i}`)]))
      for (const [end] of ends) {
        const seqs = (await db.events.listOf(end?.memberId ?? '')).map(({ memberSeq }) => memberSeq)
        expect(seqs).toEqual(seqs.map((_, i) => i + 1))
      }
    })
  },
)
