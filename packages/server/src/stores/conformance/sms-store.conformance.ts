import { beforeEach, describe, expect, it } from 'vitest'
import { StoreConflictError } from '../errors.ts'
import type { SmsRequest } from '../sms-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const MINUTE_MS = 60_000

/** What every implementation must do, on two connections, as two processes would have. */
export function testSmsStore(create: CreateDatabases): void {
  describe('sms store', () => {
    const at = useDatabases(create)
    let nowMs: number
    beforeEach(() => {
      nowMs = Date.now()
    })

    const request = (over: Partial<SmsRequest> = {}): SmsRequest => ({
      id: 'r1',
      appid: 'wx1',
      subject: 'k1.a',
      sealed: 'v1.k1.sealed',
      maskedSubject: 'k1.masked',
      slot: null,
      state: 'claimed',
      codeDigest: 'k1.digest',
      tries: 0,
      provider: 'tencent',
      providerRef: null,
      providerError: null,
      ip: null,
      deviceId: null,
      createdAtMs: nowMs,
      sentAtMs: null,
      expiresAtMs: nowMs + 5 * MINUTE_MS,
      usedAtMs: null,
      sessionId: null,
      ...over,
    })
    const first = (id = 'r1') => at.other.sms.find(id)

    it('gives the slot of a number to one of two who take it at once', async () => {
      const claims = await Promise.allSettled([
        at.db.sms.add(request({ id: 'r1', slot: 'k1.a' })),
        at.other.sms.add(request({ id: 'r2', slot: 'k1.a' })),
      ])
      const lost = claims.filter((claim) => claim.status === 'rejected')
      expect(lost).toHaveLength(1)
      expect(lost[0]?.reason).toBeInstanceOf(StoreConflictError)
      await at.db.sms.add(request({ id: 'r3', slot: 'k1.b' }))
      // One that came in between keeps what it took.
      await at.db.sms.freeSlot(['k2.a', 'k1.a'], nowMs - 1)
      const late = at.other.sms.add(request({ id: 'r4', slot: 'k1.a' }))
      await expect(late).rejects.toBeInstanceOf(StoreConflictError)
      await at.db.sms.freeSlot(['k2.a', 'k1.a'], nowMs)
      await at.other.sms.add(request({ id: 'r4', slot: 'k1.a' }))
    })

    it('looks at a number under all its indexes, newest first, no further back than asked', async () => {
      await at.db.sms.add(request({ id: 'r1', createdAtMs: nowMs - 2 * MINUTE_MS }))
      await at.db.sms.add(request({ id: 'r2', subject: 'k2.a', createdAtMs: nowMs - MINUTE_MS }))
      await at.db.sms.add(request({ id: 'r3', createdAtMs: nowMs - 20 * MINUTE_MS }))
      await at.db.sms.add(request({ id: 'r4', subject: 'k1.b' }))
      const look = await at.other.sms.look(['k1.a', 'k2.a'], { nowMs, withinMs: 10 * MINUTE_MS })
      expect(look.requests.map(({ id }) => id)).toEqual(['r2', 'r1'])
      expect(Math.abs(look.atMs - nowMs)).toBeLessThan(MINUTE_MS)
    })

    it('counts to the budget of a day and no further, however many count at once', async () => {
      const spent = await Promise.all(
        Array.from({ length: 8 }, (_, i) => (i % 2 ? at.db : at.other).sms.spend('2026-11-25', 5)),
      )
      expect(spent.filter(Boolean)).toHaveLength(5)
      expect(await at.db.sms.spend('2026-11-26', 5)).toBe(true)
      await at.db.sms.giveBack('2026-11-25')
      expect([await at.other.sms.sentOn('2026-11-25'), await at.other.sms.sentOn('2026-11-27')]).toEqual([
        4, 0,
      ])
      expect(await at.db.sms.spend('2026-11-28', 0)).toBe(false)
      await at.db.sms.giveBack('2026-11-27')
      expect(await at.db.sms.sentOn('2026-11-28')).toBe(0)
    })

    it('gives as many tries as there are, to any number of callers at once', async () => {
      await at.db.sms.add(request())
      const tries = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          (i % 2 ? at.db : at.other).sms.countTry('r1', { tries: 5, nowMs }),
        ),
      )
      expect(tries.flatMap((tried) => (tried ? [tried.tries] : [])).sort()).toEqual([1, 2, 3, 4, 5])
    })

    it.each([
      ['is over', { expiresAtMs: 1 }],
      ['has no code any more', { codeDigest: null }],
      ['is another', { id: 'r9' }],
    ])('gives no try of a request that %s', async (_name, over) => {
      await at.db.sms.add(request(over))
      expect(await at.db.sms.countTry('r1', { tries: 5, nowMs })).toBeUndefined()
    })

    it('uses a code once, and never one that failed or was burnt', async () => {
      await at.db.sms.add(request({ slot: 'k1.a' }))
      const uses = await Promise.all([at.db.sms.use('r1', nowMs), at.other.sms.use('r1', nowMs)])
      expect(uses.sort()).toEqual([false, true])
      await at.db.sms.opened('r1', 's1')
      await at.db.sms.settle('r1', { state: 'sent', providerRef: 'ref', providerError: null, nowMs })
      // The code was entered before its sender said that it was sent.
      expect(await first()).toEqual(
        request({
          slot: 'k1.a',
          state: 'used',
          usedAtMs: nowMs,
          sentAtMs: nowMs,
          providerRef: 'ref',
          sessionId: 's1',
        }),
      )
      await at.db.sms.add(request({ id: 'r2', slot: 'k1.b' }))
      await at.db.sms.settle('r2', { state: 'failed', providerRef: null, providerError: 'isv.X', nowMs })
      expect(await first('r2')).toMatchObject({ slot: null, codeDigest: null, providerError: 'isv.X' })
      await at.db.sms.add(request({ id: 'r3' }))
      await at.db.sms.burn('r3')
      expect([await at.db.sms.use('r2', nowMs), await at.db.sms.use('r3', nowMs)]).toEqual([false, false])
      expect(await first('r3')).toMatchObject({ state: 'burnt', codeDigest: null })
      await at.db.sms.burn('r1')
      expect((await first())?.state).toBe('used')
    })

    it('finds requests by number, app and state, a page at a time, and those that ran out', async () => {
      await at.db.sms.add(request({ id: 'r1', createdAtMs: nowMs - 3 }))
      await at.db.sms.add(
        request({ id: 'r2', createdAtMs: nowMs - 2, appid: 'wx2', maskedSubject: 'k1.other' }),
      )
      await at.db.sms.add(request({ id: 'r3', createdAtMs: nowMs - 2, expiresAtMs: nowMs - 1 }))
      await at.db.sms.add(
        request({ id: 'r4', createdAtMs: nowMs - 1, state: 'used', expiresAtMs: nowMs - 1 }),
      )
      const find = async (filter: Parameters<typeof at.db.sms.search>[0], over = {}) =>
        (await at.other.sms.search(filter, { limit: 10, nowMs, ...over })).map(({ id }) => id)
      expect(await find({})).toEqual(['r4', 'r3', 'r2', 'r1'])
      expect(await find({}, { limit: 2, before: { createdAtMs: nowMs - 1, id: 'r4' } })).toEqual(['r3', 'r2'])
      expect(await find({}, { before: { createdAtMs: nowMs - 2, id: 'r3' } })).toEqual(['r2', 'r1'])
      expect(await find({ appid: 'wx2' })).toEqual(['r2'])
      expect(await find({ maskedSubjects: ['k0.x', 'k1.other'] })).toEqual(['r2'])
      expect(await find({ subjects: ['k1.b'] })).toEqual([])
      expect(await find({ state: 'claimed' })).toEqual(['r2', 'r1'])
      expect(await find({ state: 'expired' })).toEqual(['r3'])
      expect(await find({ state: 'used' })).toEqual(['r4'])
    })

    it('counts outcomes by day', async () => {
      const dayMs = 24 * 60 * MINUTE_MS
      const sinceMs = nowMs - 2 * dayMs
      await at.db.sms.add(request({ id: 'r1', createdAtMs: sinceMs - 1 }))
      await at.db.sms.add(request({ id: 'r2', createdAtMs: sinceMs }))
      await at.db.sms.add(
        request({ id: 'r3', createdAtMs: sinceMs + dayMs, state: 'failed', providerError: 'x' }),
      )
      await at.db.sms.add(
        request({ id: 'r4', createdAtMs: sinceMs + dayMs, state: 'failed', providerError: 'x' }),
      )
      const outcomes = await at.other.sms.countOutcomes(sinceMs)
      expect(outcomes.sort((a, b) => a.daysLater - b.daysLater)).toEqual([
        { state: 'claimed', providerError: null, daysLater: 0, entries: 1 },
        { state: 'failed', providerError: 'x', daysLater: 1, entries: 2 },
      ])
    })

    it('is written anew under another key, with the slot that is taken', async () => {
      await at.db.sms.add(request({ id: 'r1', slot: 'k1.a' }))
      await at.db.sms.add(request({ id: 'r2', subject: 'k2.b', sealed: 'v1.k2.sealed' }))
      expect(await at.db.sms.countToRekey('k2')).toBe(1)
      expect((await at.db.sms.listToRekey('k2', { after: '', limit: 10 })).map(({ id }) => id)).toEqual([
        'r1',
      ])
      await at.db.sms.rekey('r1', { subject: 'k2.a', sealed: 'v1.k2.x', maskedSubject: 'k2.m' })
      expect(await first()).toMatchObject({ subject: 'k2.a', slot: 'k2.a', maskedSubject: 'k2.m' })
      await at.db.sms.rekey('r2', { subject: 'k2.c', sealed: 'v1.k2.y', maskedSubject: 'k2.n' })
      expect((await first('r2'))?.slot).toBeNull()
      expect(await at.db.sms.countToRekey('k2')).toBe(0)
      expect((await at.db.sms.listOf(['k1.a', 'k2.a'])).map(({ id }) => id)).toEqual(['r1'])
    })
  })
}
