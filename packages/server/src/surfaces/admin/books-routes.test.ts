import { createHash } from 'node:crypto'
import type { ForecastResponse, Reconciliation } from '@haoma/protocol/admin'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedInAs } from '../../../test/support/admin-client.ts'
import { appid, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { DAY_MS, dayName, dayStart, HOUR_MS } from '../../kernel/calendar.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture({ ledger: { realtimeSpuId: '10000078' } })
})
afterAll(() => fixture.close())

const as = async (role: 'viewer' | 'operator') => (await signedInAs(fixture, role)).headers
const books = async (query = ''): Promise<{ latest: Reconciliation[]; history: Reconciliation[] }> => {
  const { status, body } = await fixture.get(`/admin/v1/cost/reconciliation${query}`, await as('viewer'))
  expect(status).toBe(200)
  return body
}
const quick = (readings: Reconciliation[]) =>
  readings.filter((one) => one.appid === appid && one.component === 'quick')
const explained = (reading: Reconciliation | undefined) =>
  Object.fromEntries((reading?.explained ?? []).map(({ cause, entries }) => [cause, entries]))
/** Past the life of every code, through every job. */
const settle = async () => {
  await fixture.advance(HOUR_MS)
  await fixture.haoma.housekeep()
  await fixture.haoma.housekeep()
}
const login = async (person: string) => {
  const { wechat, post } = fixture
  await wechat.addUser(person, [`1371234${String(5000 + person.length)}`])
  const body = { appid, loginCode: await wechat.loginCode(person), phoneCode: await wechat.phoneCode(person) }
  expect((await post('/v1/login', body)).status).toBe(200)
}

describe('reconciliation', () => {
  it('begins at the first reading, and names what WeChat charged and nobody told of', async () => {
    await login('early')
    await fixture.haoma.housekeep()
    expect(quick((await books()).latest)[0]).toMatchObject({
      wechatUsed: 0,
      oursUsed: 0,
      difference: 0,
      wechatLeft: 999,
    })

    for (const person of ['aa', 'bbb', 'cccc']) await login(person)
    // One whose code is never sent, of which the button tells; two of which nobody tells.
    const neverSent = await fixture.wechat.phoneCode('aa')
    const codeHash = createHash('sha256').update(neverSent).digest('hex')
    await fixture.post('/v1/events', {
      appid,
      batchId: 'never-sent-batch',
      events: [{ event: 'consented', component: 'quick', agoMs: 0, codeHash }],
    })
    await fixture.wechat.phoneCode('bbb')
    await fixture.wechat.phoneCode('cccc')

    const { status, body } = await fixture.post('/admin/v1/cost/reconciliation', {}, await as('operator'))
    expect(status).toBe(200)
    const [now] = quick(body.latest)
    expect(now).toMatchObject({ isSettled: false, wechatUsed: 6, oursUsed: 3, difference: 3, error: null })
    expect(explained(now)).toEqual({ 'in-flight': 1, 'telemetry-missing': 2 })

    await settle()
    const settled = quick((await books()).history).findLast(({ wechatUsed }) => wechatUsed === 6)
    expect(settled).toMatchObject({ isSettled: true, oursUsed: 3, difference: 3 })
    expect(explained(settled)).toEqual({ 'never-sent': 1, 'telemetry-missing': 2 })
    expect(settled?.explained.every(({ text }) => text.zh !== '' && text.en !== '')).toBe(true)

    // What was proven is booked: two are left that nobody can explain.
    await settle()
    const later = quick((await books()).history).at(-1)
    expect(later).toMatchObject({ wechatUsed: 6, oursUsed: 4, difference: 2 })
    expect(explained(later)).toEqual({ 'telemetry-missing': 2 })
  })

  it('reads the realtime component where its product is named, and says why WeChat could not be asked', async () => {
    const { latest } = await books(`?appid=${appid}`)
    expect(latest.map(({ component, spuId }) => [component, spuId])).toEqual([
      ['quick', '10000077'],
      ['realtime', '10000078'],
    ])
    await fixture.wechat.fault({ kind: 'errcode', path: '/wxa/charge/usage/get', errcode: 48001 })
    await fixture.post('/admin/v1/cost/reconciliation', { appid }, await as('operator'))
    await fixture.wechat.clearFaults()
    const [failed] = quick((await books()).latest)
    expect(failed).toMatchObject({ wechatUsed: null, difference: null, explained: [] })
    expect(failed?.error?.zh).toMatch(/\p{Script=Han}/u)

    await fixture.post('/admin/v1/cost/reconciliation', { appid }, await as('operator'))
    expect(quick((await books()).latest)[0]).toMatchObject({ wechatUsed: 6, difference: 2, error: null })
  })

  it('is read by viewers and asked for by operators, which is audited', async () => {
    const path = '/admin/v1/cost/reconciliation'
    expect((await fixture.post(path, {}, await as('viewer'))).body.code).toBe('ADMIN_FORBIDDEN')
    const lines = await fixture.db.audit.list(100)
    expect(lines.map(({ action }) => action)).toContain('ledger.reconcile')
  })
})

describe('the forecast', () => {
  it('says how many calls come, what the month costs, and when they run out', async () => {
    const todayMs = dayStart(fixture.clock.now())
    await fixture.db.ledgerSums.add(
      Array.from({ length: 28 }, (_, at) => ({
        period: 'day' as const,
        startMs: todayMs - (at + 1) * DAY_MS,
        appid,
        component: 'realtime' as const,
        surface: 'login' as const,
        state: 'used' as const,
        cause: '' as const,
        entries: 100,
        billedEntries: 100,
        listLi: 4000,
        chargeLi: 4000,
      })),
    )
    const headers = await as('viewer')
    const { body: all } = await fixture.get('/admin/v1/cost/forecast', headers)
    // Nothing is to be said of components that nobody has used.
    expect((all as ForecastResponse).forecasts).toHaveLength(1)
    const query = `?appid=${appid}&component=realtime&days=14`
    const { body } = await fixture.get(`/admin/v1/cost/forecast${query}`, headers)
    const [forecast] = (body as ForecastResponse).forecasts
    expect(forecast).toMatchObject({
      component: 'realtime',
      left: 1000,
      leftSource: 'wechat',
      basedOnDays: 28,
    })
    expect(forecast?.perDay).toHaveLength(14)
    expect(forecast?.perDay[1]).toMatchObject({ day: dayName(todayMs + DAY_MS), expected: 100 })
    expect(forecast?.weekdays).toEqual(Array(7).fill(100))
    const inDays = (day: string | null | undefined) =>
      (Date.parse(`${day}T00:00:00+08:00`) - todayMs) / DAY_MS
    expect(inDays(forecast?.runsOutOn)).toBeGreaterThanOrEqual(9)
    expect(inDays(forecast?.runsOutOn)).toBeLessThanOrEqual(11)
    expect(inDays(forecast?.runsOutEarliest)).toBeLessThanOrEqual(inDays(forecast?.runsOutOn))
    const { low, expected, high } = forecast?.monthLi ?? { low: 0, expected: 0, high: 0 }
    expect(low).toBeLessThanOrEqual(expected)
    expect(expected).toBeLessThanOrEqual(high)
  })
})
