import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appid, type Fixture, startFixture } from '../../test/support/fixture.ts'

const MINUTE_MS = 60_000
let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture({ ledger: { keptEventsPerSecond: 3 } })
})
afterAll(() => fixture.close())

let taps = 0
const tap = async () => {
  taps += 1
  const user = `同意${taps}`
  await fixture.wechat.addUser(user, [`1380000${String(taps).padStart(4, '0')}`])
  const [loginCode, phoneCode] = await Promise.all([
    fixture.wechat.loginCode(user),
    fixture.wechat.phoneCode(user),
  ])
  return { user, body: { appid, loginCode, phoneCode } }
}
const tell = (phoneCode: string, agoMs = 0) =>
  fixture.post('/v1/events', {
    batchId: `batch-${Math.random().toString(36).slice(2)}`,
    appid,
    client: { clientVersion: '0.1.0', platform: 'ios', build: 'develop' },
    events: [
      {
        event: 'consented',
        component: 'quick',
        agoMs,
        codeHash: createHash('sha256').update(phoneCode).digest('hex'),
      },
    ],
  })
const endCodes = async () => {
  await fixture.advance(7 * MINUTE_MS)
  await fixture.haoma.housekeep()
}
const linesOf = async (phoneCode: string) => {
  const row = await fixture.ledgerOf(phoneCode)
  return row ? fixture.db.ledger.page({ codeKey: row.codeKey }, { limit: 9 }) : []
}

describe('a consent that a button told of', () => {
  it('and whose code never came has an entry that costs nothing until WeChat confirms it', async () => {
    const { body } = await tap()
    await tell(body.phoneCode)
    expect(await fixture.db.ledger.totals({})).toContainEqual({
      appid,
      component: 'quick',
      state: 'open',
      entries: 1,
      li: 0,
    })
    await endCodes()
    expect(await linesOf(body.phoneCode)).toMatchObject([
      {
        state: 'expired',
        cause: 'never-sent',
        source: 'telemetry',
        isBilled: null,
        listLi: 0,
        chargeLi: 0,
        build: 'develop',
        platform: 'ios',
      },
    ])
  })

  it('and whose code came has the one entry of its exchange, whichever came first', async () => {
    const [first, second] = [await tap(), await tap()]
    await tell(first.body.phoneCode, 20)
    expect((await fixture.post('/v1/login', first.body)).status).toBe(200)
    expect((await fixture.post('/v1/login', second.body)).status).toBe(200)
    await tell(second.body.phoneCode)
    await endCodes()
    for (const { body } of [first, second]) {
      expect(await linesOf(body.phoneCode)).toMatchObject([
        { state: 'used', cause: '', source: 'intent', isBilled: 1 },
      ])
    }
  })

  it('long ago, by a clock that jumped, leaves its code its whole life', async () => {
    const { body } = await tap()
    await tell(body.phoneCode, 600_000_000)
    await fixture.haoma.housekeep()
    expect((await fixture.post('/v1/login', body)).status).toBe(200)
  })

  it('is settled by the code that comes too late, in the same entry', async () => {
    const { user, body } = await tap()
    await tell(body.phoneCode)
    await endCodes()
    const late = { ...body, loginCode: await fixture.wechat.loginCode(user) }
    expect((await fixture.post('/v1/login', late)).body.code).toBe('PHONE_CODE_INVALID')
    expect(await linesOf(body.phoneCode)).toHaveLength(1)
  })

  it('is not opened anew when it is told again days later', async () => {
    const { body } = await tap()
    await fixture.post('/v1/login', body)
    await fixture.advance(3 * 24 * 60 * MINUTE_MS)
    await fixture.haoma.housekeep()
    await tell(body.phoneCode, 3 * 24 * 60 * MINUTE_MS)
    await endCodes()
    expect(await linesOf(body.phoneCode)).toHaveLength(1)
  })
})

describe('single events', () => {
  it('are kept in part when there are many, and all of them counted', async () => {
    const send = (name: string) =>
      fixture.post('/v1/events', {
        batchId: `sample-${name}`,
        appid,
        events: Array.from({ length: 2 }, () => ({ event: 'tapped', component: 'realtime', agoMs: 0 })),
      })
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) expect((await send(name)).body.accepted).toBe(2)
    const sums = await fixture.db.telemetry.list({ appid, fromMs: 0 })
    const tapped = sums.filter(({ event }) => event === 'tapped')
    expect(tapped.reduce((sum, { entries }) => sum + entries, 0)).toBe(12)
    const kept = await fixture.db.months.removeBefore('telemetry_events', Number.MAX_SAFE_INTEGER, 999)
    expect(kept).toBeGreaterThan(0)
  })
})
