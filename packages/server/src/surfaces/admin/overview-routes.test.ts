import type { OverviewResponse } from '@haoma/protocol/admin'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedInAs } from '../../../test/support/admin-client.ts'
import { appid, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { DAY_MS, dayName, dayStart } from '../../kernel/calendar.ts'
import type { LedgerSum } from '../../stores/ledger-sum-store.ts'

let fixture: Fixture
let headers: Record<string, string>
beforeAll(async () => {
  fixture = await startFixture()
  headers = (await signedInAs(fixture, 'viewer')).headers
})
afterAll(() => fixture.close())

const read = async (query = ''): Promise<OverviewResponse> => {
  await fixture.haoma.housekeep()
  const { status, body } = await fixture.get(`/admin/v1/overview${query}`, headers)
  expect(status).toBe(200)
  return body
}

describe('the overview', () => {
  it('has every day, and nothing on it, before anybody comes', async () => {
    const { days, today, funnel, failures, latency, balances } = await read('?days=7')
    expect(days).toHaveLength(7)
    expect(days.at(-1)).toEqual(today)
    expect(today).toMatchObject({ logins: 0, failed: 0, verified: 0, newMembers: 0, spendLi: 0 })
    expect(funnel.map(({ entries }) => entries)).toEqual([0, 0, 0, 0, 0])
    expect(failures).toEqual([])
    expect(latency.ours).toEqual({ p50Ms: null, p95Ms: null, p99Ms: null })
    expect(balances.find((one) => one.appid === appid)).toMatchObject({
      component: 'quick',
      left: 1000,
      leftSource: 'wechat',
      runsOutOn: null,
    })
  })

  it('counts logins, numbers, members, money, what the button tells, and failures by their cause', async () => {
    const { wechat, post } = fixture
    const login = async (person: string) => {
      await wechat.addUser(person, [`1371234567${person.length}`])
      const loginCode = await wechat.loginCode(person)
      return post('/v1/login', { appid, loginCode, phoneCode: await wechat.phoneCode(person) })
    }
    for (const person of ['a', 'bb', 'ccc']) expect((await login(person)).status).toBe(200)
    expect((await post('/v1/login', { appid, loginCode: await wechat.loginCode('a') })).status).toBe(200)
    // At once, before any job has run.
    const { body: early } = await fixture.get('/admin/v1/overview', headers)
    expect(early.today.verified).toBe(3)
    await wechat.fault({ kind: 'errcode', path: '/sns/jscode2session', errcode: 40125 })
    await post('/v1/login', { appid, loginCode: await wechat.loginCode('a') })
    await wechat.clearFaults()
    const events = ['shown', 'tapped', 'consented', 'bound'].map((event) => ({
      event,
      component: 'quick',
      at: new Date().toISOString(),
    }))
    await post('/v1/telemetry', { appid, batchId: 'batch-of-the-button', events })

    const { today, yesterday, days, failures, funnel, latency, balances, tokens } = await read()
    expect(today).toMatchObject({ logins: 5, failed: 1, verified: 3, newMembers: 3, spendLi: 0, wasteLi: 0 })
    expect(days).toHaveLength(30)
    expect(yesterday.logins).toBe(0)
    expect(failures).toMatchObject([
      { outcome: 'WECHAT_MISCONFIGURED', errcode: 40125, way: 'login', entries: 1 },
    ])
    expect(failures[0]?.whatToDo.zh).not.toBe('')
    expect(funnel.find(({ step }) => step === 'exchanged')?.entries).toBe(3)
    expect(latency.ours.p50Ms).toBeGreaterThan(0)
    expect(balances[0]).toMatchObject({
      appid,
      component: 'quick',
      left: 997,
      leftSource: 'wechat',
      spentTodayLi: 0,
    })
    expect(tokens.find((one) => one.appid === appid)).toMatchObject({ state: 'warm' })
  })

  it('adds up what was spent, what of it was wasted, and says when calls run out', async () => {
    const todayMs = dayStart(Date.now())
    const sum = (daysAgo: number, more: Partial<LedgerSum>): LedgerSum => ({
      period: 'day',
      startMs: todayMs - daysAgo * DAY_MS,
      appid,
      component: 'realtime',
      surface: 'telemetry',
      state: 'used',
      cause: '',
      entries: 10,
      billedEntries: 10,
      listLi: 400,
      chargeLi: 400,
      ...more,
    })
    await fixture.db.ledgerSums.add([
      ...[1, 2, 3, 4].map((daysAgo) => sum(daysAgo, {})),
      sum(0, { state: 'expired', cause: 'expired', entries: 2, billedEntries: 2, chargeLi: 80 }),
    ])
    const settings = {
      appid,
      component: 'realtime',
      kind: 'pack',
      name: 'p',
      entries: 100,
      priceLi: 3000,
    } as const
    const pack = {
      ...settings,
      spuId: null,
      packageId: null,
      usedBefore: 0,
      startsAtMs: todayMs,
      endsAtMs: null,
    }
    await fixture.db.tariffs.addPack({
      ...pack,
      id: 'p1',
      usedEntries: 0,
      allocatedLi: 0,
      createdAtMs: todayMs,
    })

    const { today, yesterday, balances } = await read()
    expect(today).toMatchObject({ spendLi: 80, wasteLi: 80, verified: 3 })
    expect(yesterday).toMatchObject({ spendLi: 400, wasteLi: 0, verified: 10 })
    const realtime = balances.find((one) => one.appid === appid && one.component === 'realtime')
    const inTenDays = dayName(Date.now() + 10 * DAY_MS)
    expect(realtime).toMatchObject({ spentTodayLi: 80, left: 100, leftSource: 'ours', runsOutOn: inTenDays })
  })

  it('is of one app where one is asked for', async () => {
    expect((await read('?appid=wx0000000000000000')).today.logins).toBe(0)
    expect((await read(`?appid=${appid}`)).today.logins).toBe(5)
  })
})
