import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedInAs } from '../../../test/support/admin-client.ts'
import { appid, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { DAY_MS, dayName } from '../../kernel/calendar.ts'

let fixture: Fixture
let viewer: Record<string, string>
let operator: Record<string, string>
const codes: string[] = []
beforeAll(async () => {
  fixture = await startFixture()
  viewer = (await signedInAs(fixture, 'viewer')).headers
  operator = (await signedInAs(fixture, 'operator')).headers
  // The trial is used up: calls cost from the first one on.
  for (const component of ['quick', 'realtime'] as const) {
    await fixture.db.tariffs.addPack({
      id: `trial-${component}`,
      appid,
      component,
      kind: 'trial',
      name: '',
      spuId: null,
      packageId: null,
      entries: 1000,
      priceLi: 0,
      usedBefore: 1000,
      usedEntries: 0,
      allocatedLi: 0,
      startsAtMs: 0,
      endsAtMs: null,
      createdAtMs: 0,
    })
  }
  for (const [user, component] of [
    ['ann', 'quick'],
    ['bob', 'quick'],
    ['cai', 'realtime'],
  ] as const) {
    await fixture.wechat.addUser(user, [`1371234${String(5000 + codes.length)}`])
    await login(user, component)
  }
})
afterAll(() => fixture.close())

const login = async (user: string, component: 'quick' | 'realtime') => {
  const { wechat, post } = fixture
  const phoneCode = await wechat.phoneCode(user, { component })
  codes.push(phoneCode)
  const body = { appid, loginCode: await wechat.loginCode(user), phoneCode, component }
  const answer = await post('/v1/login', body)
  expect(answer.status).toBe(200)
  await fixture.haoma.housekeep()
  return answer
}
const get = async (path: string) => {
  const answer = await fixture.get(`/admin/v1/cost/${path}`, viewer)
  expect(answer.status, path).toBe(200)
  return answer.body
}
const search = async (body: object) => {
  const answer = await fixture.post('/admin/v1/cost/entries/search', body, viewer)
  expect(answer.status).toBe(200)
  return answer.body
}
const days = () => {
  const today = dayName(fixture.clock.now())
  return `from=${today}&to=${today}`
}
const month = () => dayName(fixture.clock.now()).slice(0, 7)

describe('the cost of phone numbers', () => {
  it('is added up by day and by month, in li', async () => {
    for (const by of ['day', 'month']) {
      const { sums, totals } = await get(`sums?${days()}&by=${by}`)
      expect(totals, by).toEqual({ entries: 3, listLi: 100, chargeLi: 100, wasteLi: 0 })
      const start = by === 'day' ? dayName(fixture.clock.now()) : month()
      const quick = sums.find(({ component }: { component: string }) => component === 'quick')
      expect(quick, by).toMatchObject({ start, appid, state: 'used', cause: null, entries: 2, chargeLi: 60 })
    }
    expect((await get(`sums?${days()}&component=realtime`)).totals.chargeLi).toBe(40)
    expect((await get('sums?from=2020-01-01&to=2020-01-31')).totals.entries).toBe(0)
    expect((await fixture.get('/admin/v1/cost/sums?from=2026-02-30&to=x', viewer)).status).toBe(400)
  })

  it('says what was paid for and brought nothing, and what to do about it', async () => {
    expect(await get(`waste?${days()}`)).toMatchObject({ causes: [], totalLi: 0 })
    // The same person agrees again at once.
    await login('ann', 'quick')
    const { causes, totalLi } = await get(`waste?${days()}`)
    expect(totalLi).toBe(30)
    expect(causes).toEqual([expect.objectContaining({ cause: 'double-tap', component: 'quick', li: 30 })])
    expect(causes[0].whatToDo.zh).not.toBe('')
    expect((await get(`sums?${days()}`)).totals.wasteLi).toBe(30)
  })

  it('is found entry by entry, newest first, page by page', async () => {
    const all = await search({ appid })
    expect(all).toMatchObject({ nextCursor: null })
    expect(all.items).toHaveLength(codes.length)
    const ids: string[] = []
    let cursor: string | null = null
    do {
      const page: { items: { id: string }[]; nextCursor: string | null } = await search({
        limit: 1,
        ...(cursor && { cursor }),
      })
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null && ids.length < 20)
    expect(ids).toEqual(all.items.map(({ id }: { id: string }) => id))

    const codeHash = createHash('sha256')
      .update(codes[2] ?? '')
      .digest('hex')
    const [realtime, ...others] = (await search({ codeHash })).items
    expect(others).toEqual([])
    expect(realtime).toMatchObject({ component: 'realtime', isBilled: true, listLi: 40, chargeLi: 40 })
    expect((await search({ openid: realtime.openid })).items).toEqual([realtime])
    expect((await search({ cause: 'double-tap' })).items).toHaveLength(1)
    expect((await search({ to: '2020-01-01T00:00:00Z' })).items).toEqual([])
  })
})

describe('the ledger of a month as a file', () => {
  const file = (format: string, own = month()) => get(`export?month=${own}&format=${format}&appid=${appid}`)

  it('holds every entry, oldest first, in each format', async () => {
    const { items } = await search({ appid, limit: 200 })
    const entries = items.reverse()
    expect(await file('json')).toEqual(entries)
    const lines = (await file('ndjson')).trim().split('\n')
    expect(lines.map((line: string) => JSON.parse(line))).toEqual(entries)
    const [head, ...rows] = (await file('csv')).trim().split('\r\n')
    expect(head).toBe(Object.keys(entries[0]).join(','))
    expect(rows.map((row: string) => row.split(',')[0])).toEqual(entries.map(({ id }: { id: string }) => id))
    expect(await file('json', '2020-01')).toEqual([])
    expect((await fixture.get('/admin/v1/cost/export?month=2026-13&format=csv', viewer)).status).toBe(400)
  })

  it('lists for a dispute when whom was charged for, also beyond one page', async () => {
    const entry = await fixture.ledgerOf(codes[0] ?? '')
    if (!entry) throw new Error('no entry')
    for (let n = 0; n < 1100; n++) {
      const own = { id: `copy-${n}`, codeKey: `copy-${n}`, isBilled: n % 2, appid: 'wx6a1b4d8f0c2e3579' }
      await fixture.db.ledger.add({ ...entry, ...own })
    }
    const query = `month=${month()}&appid=wx6a1b4d8f0c2e3579`
    const table = await get(`export?${query}&format=dispute`)
    const [head, ...rows] = table.trim().split('\r\n')
    expect(head).toBe('timestamp,openid')
    expect(rows).toHaveLength(550)
    expect(new Set(rows)).toEqual(new Set([`${Math.floor(entry.seenAtMs / 1000)},${entry.openid}`]))
    expect(await get(`export?${query}&format=json`)).toHaveLength(1100)
  })

  it('is taken in the sight of the audit', async () => {
    const { body } = await fixture.get('/admin/v1/audit?action=ledger.export', viewer)
    expect(body.items[0]).toMatchObject({ action: 'ledger.export', details: { month: month() } })
  })
})

describe('packs and prices', () => {
  const change = (method: string, path: string, headers: Record<string, string>, body?: object) =>
    fixture.send(method, `/admin/v1/cost/${path}`, {
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
  const pack = { appid, component: 'realtime', entries: 2, priceLi: 50, startsAt: '2026-01-01T00:00:00Z' }
  const realtimeLi = async () => (await get(`sums?${days()}&component=realtime`)).totals.chargeLi
  const packOf = async (id: string) =>
    (await get(`packs?appid=${appid}`)).packs.find((one: { id: string }) => one.id === id)

  it('use a pack up, also for entries of before it was entered, and take it back', async () => {
    const startsAt = new Date(fixture.clock.now() - 86_400_000).toISOString()
    const added = await change('POST', 'packs', operator, { ...pack, startsAt })
    expect(added).toMatchObject({ status: 201, body: { kind: 'pack', usedEntries: 0 } })
    const { id } = added.body
    await fixture.haoma.housekeep()
    expect(await packOf(id)).toMatchObject({ usedEntries: 1, allocatedLi: 25, expiredEntries: 0 })
    expect(await realtimeLi()).toBe(25)

    const changed = await change('PATCH', `packs/${id}`, operator, { priceLi: 20 })
    expect(changed).toMatchObject({ status: 200, body: { priceLi: 20 } })
    await fixture.haoma.housekeep()
    expect(await realtimeLi()).toBe(10)
    expect((await change('PATCH', `packs/${id}`, operator, {})).status).toBe(400)

    expect((await change('DELETE', `packs/${id}`, operator)).status).toBe(204)
    await fixture.haoma.housekeep()
    expect(await realtimeLi()).toBe(40)
    expect((await change('DELETE', `packs/${id}`, operator)).status).toBe(404)
  })

  it('books anew at a price that is entered, and at that of before once it is removed', async () => {
    const price = { component: 'realtime', from: '2026-01-01T00:00:00Z', li: 45 }
    const set = await change('POST', 'prices', operator, price)
    const entered = { ...price, from: '2026-01-01T00:00:00.000Z', isBuiltIn: false }
    expect(set.body.prices).toContainEqual(entered)
    await fixture.haoma.housekeep()
    expect(await realtimeLi()).toBe(45)
    const place = `prices?component=realtime&from=${price.from}`
    expect((await change('DELETE', place, operator)).status).toBe(204)
    await fixture.haoma.housekeep()
    expect(await realtimeLi()).toBe(40)
    const { prices } = await get('prices')
    expect(prices.map((one: { isBuiltIn: boolean }) => one.isBuiltIn)).toEqual([true, true])
    expect((await change('DELETE', place, operator)).status).toBe(404)
  })

  it('are read by viewers and changed by operators, and every change is in the audit', async () => {
    expect((await change('POST', 'packs', viewer, pack)).status).toBe(403)
    expect((await change('POST', 'packs', operator, { ...pack, appid: 'wx0000000000000000' })).status).toBe(
      400,
    )
    const { body } = await fixture.get('/admin/v1/audit?limit=200', viewer)
    const actions = body.items.map(({ action }: { action: string }) => action)
    for (const action of ['pack.create', 'pack.update', 'pack.remove', 'price.set', 'price.remove']) {
      expect(actions).toContain(action)
    }
  })
})

describe('a budget that is used up', () => {
  it('hides the button of its component, refuses nobody, and shows it again the next day', async () => {
    const { wechat, advance, haoma } = fixture
    const settings = { budgets: { quick: { dayLi: 60 }, realtime: { monthLi: 41 } } }
    await haoma.apps.change(appid, { settings })
    /** What was spent is read in the background. */
    const offered = async () => {
      await advance(16_000)
      await login('dan', 'quick')
      return (await login('dan', 'quick')).body.components
    }
    await wechat.addUser('dan', ['13712345999'])
    expect(await offered()).toEqual({ quick: false, realtime: true })
    const { body } = await fixture.get(`/admin/v1/apps/${appid}`, viewer)
    expect(body.budgetUse).toContainEqual(expect.objectContaining({ component: 'quick', isReached: true }))
    await advance(DAY_MS)
    expect(await offered()).toEqual({ quick: true, realtime: true })
  })
})
