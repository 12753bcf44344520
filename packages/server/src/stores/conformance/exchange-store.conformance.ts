import { describe, expect, it } from 'vitest'
import type { CodeRecord, Intent, Lease, Opened } from '../exchange-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const HOUR_MS = 3_600_000

/** What every implementation must do, on two connections, as two processes would have. */
export function testExchangeStore(create: CreateDatabases): void {
  describe('store of exchanges', () => {
    const at = useDatabases(create)
    const now = () => Date.now()
    const lease = (owner: string, forMs = HOUR_MS): Lease => ({ owner, forMs, nowMs: now() })
    const open = async (intents: Intent[], owner = 'p1', forMs = HOUR_MS): Promise<Opened[]> =>
      (owner === 'p1' ? at.db : at.other).exchanges.open(intents, lease(owner, forMs), HOUR_MS)
    const outcomes = (opened: Opened[]) => opened.map(({ outcome }) => outcome)
    const isOver = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
    }

    it('writes down what is about to be spent', async () => {
      const [opened] = await open([intent({ component: 'realtime', deviceId: 'd1', requestId: 'r1' })])
      expect(opened).toMatchObject({ outcome: 'taken', wasHeld: false })
      expect(await at.other.exchanges.find('k')).toEqual(opened?.code)
      expect(opened?.code).toMatchObject({
        state: 'open',
        component: 'realtime',
        deviceId: 'd1',
        requestId: 'r1',
        attempt: 1,
        settledAtMs: null,
      })
      expect((opened?.code.expiresAtMs ?? 0) - (opened?.code.createdAtMs ?? 0)).toBe(HOUR_MS)
    })

    it('lets one of many owners at once have a code', async () => {
      const all = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 ? at.db : at.other).exchanges.open([intent()], lease(`p${i}`), HOUR_MS),
        ),
      )
      expect(all.flatMap(outcomes).sort()).toEqual([...Array(19).fill('held'), 'taken'])
    })

    describe('that a button told of', () => {
      const told = (over: object = {}) => ({
        key: 'k',
        appid: 'wx1',
        component: 'realtime' as const,
        clientVersion: '0.1.0',
        build: 'release',
        platform: 'ios',
        consentedAtMs: 7,
        ...over,
      })

      it('is open until it is brought, and then is as if nothing had been told', async () => {
        await at.db.exchanges.tell([told()], now(), 5)
        await isOver()
        expect(await at.other.exchanges.find('k')).toMatchObject({ state: 'open', attempt: 0, owner: '' })
        const [opened] = await open([intent({ component: 'quick', openid: 'o1' })], 'p2')
        expect(opened).toMatchObject({ outcome: 'taken', wasHeld: false })
        const { code } = opened as Opened
        expect(code).toMatchObject({ ...intent({ component: 'quick', openid: 'o1' }), attempt: 1 })
        expect(code.consentedAtMs).toBe(7)
        expect(code.expiresAtMs - code.createdAtMs).toBe(HOUR_MS)
        expect(outcomes(await open([intent()]))).toEqual(['held'])
      })

      it('goes to one of many who bring it at once', async () => {
        await at.db.exchanges.tell([told()], now(), HOUR_MS)
        const all = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            (i % 2 ? at.db : at.other).exchanges.open([intent()], lease(`p${i}`), HOUR_MS),
          ),
        )
        expect(all.flatMap(outcomes).filter((outcome) => outcome === 'taken')).toHaveLength(1)
      })

      it('changes nothing of one that was brought before', async () => {
        const [opened] = await open([intent()])
        await at.other.exchanges.tell([told(), told({ key: 'l', consentedAtMs: 8 })], now(), 1)
        await at.other.exchanges.tell([told({ consentedAtMs: 9 })], now(), 1)
        await at.other.exchanges.tell([], now(), 1)
        expect(await at.db.exchanges.find('k')).toEqual({ ...opened?.code, consentedAtMs: 7 })
      })

      it('ends when nobody brings it', async () => {
        await at.db.exchanges.tell([told()], now() - 10, 5)
        await isOver()
        const overdue = await at.other.exchanges.listOverdue(now(), { limit: 9 })
        expect(overdue).toMatchObject([{ key: 'k', surface: 'telemetry', consentedAtMs: 7 }])
      })
    })

    it('never gives two who want the same two codes one each', async () => {
      const both = [intent({ key: 'l', kind: 'login' }), intent({ key: 'p' })]
      const all = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (i % 2 ? at.db : at.other).exchanges.open(both, lease(`p${i}`), HOUR_MS),
        ),
      )
      expect(all.map((opened) => outcomes(opened).join()).sort()).toEqual([
        ...Array(9).fill('held,held'),
        'taken,taken',
      ])
    })

    it('gives a code that was released again, as it was', async () => {
      await open([intent()])
      await at.db.exchanges.release({ key: 'k', attempt: 1, state: 'open' })
      expect((await open([intent()], 'p2'))[0]).toMatchObject({
        outcome: 'taken',
        wasHeld: false,
        code: { state: 'open', attempt: 2 },
      })
    })

    it('keeps a code unknown once it was', async () => {
      await open([intent()])
      await at.db.exchanges.release({ key: 'k', attempt: 1, state: 'unknown' })
      await open([intent()])
      await at.db.exchanges.release({ key: 'k', attempt: 2, state: 'open' })
      expect(await at.db.exchanges.find('k')).toMatchObject({ state: 'unknown' })
    })

    it('calls a code unknown whose holder is gone', async () => {
      await open([intent()], 'p1', 20)
      await isOver()
      expect((await open([intent()], 'p2'))[0]).toMatchObject({
        outcome: 'taken',
        wasHeld: true,
        code: { state: 'unknown', attempt: 2 },
      })
    })

    it('gives a code to its own owner again, who may have lost the answer of the first time', async () => {
      await open([intent()])
      expect((await open([intent()]))[0]).toMatchObject({ outcome: 'taken', wasHeld: true })
    })

    it('holds a lease for longer when it is renewed by its owner, and by nobody else', async () => {
      await open([intent({ key: 'mine' }), intent({ key: 'another' })], 'p1', 20)
      await at.db.exchanges.renew(['mine'], lease('p1'))
      await at.db.exchanges.renew(['another'], lease('p2'))
      await isOver()
      const looks = await at.other.exchanges.look(['mine', 'another'], now())
      expect(new Map(looks.map(({ code, isHeld }) => [code.key, isHeld]))).toEqual(
        new Map([
          ['mine', true],
          ['another', false],
        ]),
      )
    })

    it('ignores what the holder of a lease that was taken over says', async () => {
      await open([intent()], 'p1', 20)
      await isOver()
      await open([intent()], 'p2')
      await at.db.exchanges.release({ key: 'k', attempt: 1, state: 'open' })
      const late = { key: 'k', state: 'refused', attempt: 1, nowMs: now() } as const
      expect(await at.db.exchanges.settle(late)).toBeUndefined()
      expect(outcomes(await open([intent()], 'p3'))).toEqual(['held'])
    })

    it("lets WeChat's own answer end a code whoever holds it", async () => {
      await open([intent()], 'p1', 20)
      await isOver()
      await open([intent()], 'p2')
      const answer = { key: 'k', state: 'used', nowMs: now(), memberId: 'm1' } as const
      expect(await at.db.exchanges.settle(answer)).toMatchObject({ state: 'used', memberId: 'm1' })
      const denial = { key: 'k', state: 'lost', attempt: 2, nowMs: now() } as const
      expect(await at.other.exchanges.settle(denial)).toBeUndefined()
    })

    it('is of its first owner only, in every state', async () => {
      await open([intent()])
      expect(outcomes(await open([intent({ owner: 'login:d2' })], 'p2'))).toEqual(['foreign'])
      await at.db.exchanges.settle({ key: 'k', state: 'used', nowMs: now() })
      expect(outcomes(await open([intent({ owner: 'login:d2' })], 'p2'))).toEqual(['foreign'])
      expect(outcomes(await open([intent()], 'p2'))).toEqual(['settled'])
    })

    it('settles once, for good', async () => {
      await open([intent({ openid: 'o1' })])
      const settled = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (i % 2 ? at.db : at.other).exchanges.settle({
            key: 'k',
            state: 'used',
            memberId: `m${i}`,
            nowMs: now(),
          }),
        ),
      )
      const winners = settled.filter((code): code is CodeRecord => code !== undefined)
      expect(winners).toHaveLength(1)
      expect(await at.db.exchanges.find('k')).toEqual(winners[0])
      await at.db.exchanges.release({ key: 'k', attempt: 1, state: 'unknown' })
      expect(await at.db.exchanges.find('k')).toMatchObject({ state: 'used', openid: 'o1' })
    })

    it('names the session of a code that was used, and of no other', async () => {
      await open([intent({ key: 'used' }), intent({ key: 'open' })])
      await at.db.exchanges.settle({ key: 'used', state: 'used', nowMs: now() })
      for (const key of ['used', 'open'])
        await at.db.exchanges.attach(key, { memberId: 'm1', sessionId: 's1' })
      expect(await at.db.exchanges.find('used')).toMatchObject({ memberId: 'm1', sessionId: 's1' })
      expect(await at.db.exchanges.find('open')).toMatchObject({ memberId: null, sessionId: null })
    })

    it('counts repeated answers', async () => {
      await open([intent()])
      const counts = await Promise.all([1, 2, 3].map(() => at.db.exchanges.countReplay('k')))
      expect(counts.sort()).toEqual([1, 2, 3])
    })

    it('lists what is overdue and held by nobody, oldest first, page by page', async () => {
      const openFor = async (key: string, lifeMs: number, forMs: number) =>
        at.db.exchanges.open([intent({ key })], lease('p1', forMs), lifeMs)
      await openFor('late', 3, 1)
      await openFor('later', 2, 1)
      await openFor('held', 1, HOUR_MS)
      await openFor('alive', HOUR_MS, 1)
      await openFor('done', 1, 1)
      await at.db.exchanges.settle({ key: 'done', state: 'used', nowMs: now() })
      await isOver()
      const page = async (limit: number, after?: CodeRecord) =>
        at.db.exchanges.listOverdue(now(), { limit, after })
      const all = await page(10)
      expect(all.map(({ key }) => key).sort()).toEqual(['late', 'later'])
      const [first] = await page(1)
      expect(first).toEqual(all[0])
      expect(await page(10, first)).toEqual(all.slice(1))
    })

    it('takes the answers out of codes that ended before a time', async () => {
      await open([intent({ key: 'a' }), intent({ key: 'b' })])
      for (const key of ['a', 'b'])
        await at.db.exchanges.settle({ key, state: 'used', answerSealed: 'x', nowMs: now() })
      const erase = (settledBeforeMs: number) => at.db.exchanges.eraseAnswers({ settledBeforeMs, limit: 1 })
      expect(await erase(now() - HOUR_MS)).toBe(0)
      const later = now() + HOUR_MS
      expect([await erase(later), await erase(later), await erase(later)]).toEqual([1, 1, 0])
      expect(await at.db.exchanges.find('a')).toMatchObject({ answerSealed: null })
    })

    it('removes final codes from before a time, a few at once', async () => {
      await open(['a', 'b', 'c', 'open'].map((key) => intent({ key })))
      for (const key of ['a', 'b', 'c']) await at.db.exchanges.settle({ key, state: 'used', nowMs: now() })
      const remove = (createdBeforeMs: number) => at.db.exchanges.removeFinal({ createdBeforeMs, limit: 2 })
      expect(await remove(now() - HOUR_MS)).toBe(0)
      const later = now() + HOUR_MS
      expect([await remove(later), await remove(later), await remove(later)]).toEqual([2, 1, 0])
      expect(await at.db.exchanges.find('open')).toBeDefined()
    })
  })
}

function intent(over: Partial<Intent> = {}): Intent {
  return {
    key: 'k',
    kind: 'phone',
    appid: 'wx1',
    surface: 'login',
    owner: 'login:d1',
    component: 'quick',
    openid: null,
    deviceId: null,
    requestId: null,
    clientVersion: null,
    build: null,
    platform: null,
    ...over,
  }
}
