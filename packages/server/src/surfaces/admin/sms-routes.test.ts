import { expect, it } from 'vitest'
import { signedInAs } from '../../../test/support/admin-client.ts'
import { startFixture } from '../../../test/support/fixture.ts'
import { h5, useSmsService, wrong } from '../../../test/support/sms-service.ts'
import { DAY_MS, dayName } from '../../kernel/calendar.ts'

const at = useSmsService()

const ask = async () => {
  const { headers } = await signedInAs(at.fixture, 'viewer')
  return {
    summary: async () => (await at.fixture.get('/admin/v1/sms', headers)).body,
    search: async (body: object) => at.fixture.post('/admin/v1/sms/search', body, headers),
  }
}
const states = (items: { state: string }[]) => items.map(({ state }) => state)

it('counts what became of the messages of each day, and what the provider said when it did not send', async () => {
  expect((await at.signIn({ phoneNumber: '13800138001' })).status).toBe(200)
  await at.send({ phoneNumber: '13800138002' })
  at.providers.next({ fail: 'LimitExceeded.PhoneNumberDailyLimit' })
  await at.send({ phoneNumber: '13800138003' })
  at.providers.next({ drop: 'after' })
  await at.send({ phoneNumber: '13800138004' })

  const { summary } = await ask()
  const { days, ...rest } = await summary()
  expect(rest).toMatchObject({ provider: 'tencent', budgetPerDay: 1000, sentToday: 3 })
  expect(rest.errors).toContainEqual({ error: 'LimitExceeded.PhoneNumberDailyLimit', entries: 1 })
  expect(days).toHaveLength(7)
  expect(days.at(-1)).toEqual({ day: dayName(at.now()), sent: 2, used: 1, failed: 1, unknown: 1 })

  await at.advance(DAY_MS)
  const tomorrow = await ask()
  expect((await tomorrow.summary()).days.at(-2)).toMatchObject({ sent: 2, used: 1, failed: 1, unknown: 1 })
})

it('finds requests by number, state and app, newest first, with no number and no code in the answer', async () => {
  for (const end of ['1', '2', '3']) {
    await at.send({ phoneNumber: `1380013800${end}` })
    await at.advance(1000)
  }
  const code = at.codeOf()
  const { body: found } = await (await ask()).search({ limit: 2 })
  expect(found.items.map(({ masked }: { masked: string }) => masked)).toEqual(['138****8003', '138****8002'])
  expect(JSON.stringify(found)).not.toMatch(new RegExp(`1380013800|"${code}"`))

  const { search } = await ask()
  const { body: rest } = await search({ limit: 2, cursor: found.nextCursor })
  expect(rest).toMatchObject({
    items: [{ masked: '138****8001', appid: h5, state: 'sent' }],
    nextCursor: null,
  })
  for (const [body, expected] of [
    [{ masked: '138****8002' }, ['sent']],
    [{ e164: '+8613800138003' }, ['sent']],
    [{ e164: '+8613800138009' }, []],
    [{ state: 'used' }, []],
    [{ appid: h5, state: 'sent' }, ['sent', 'sent', 'sent']],
    [{ appid: 'other' }, []],
  ] as const) {
    expect(states((await search(body)).body.items), JSON.stringify(body)).toEqual(expected)
  }
  expect((await search({ cursor: 'nonsense' })).body.code).toBe('CURSOR_INVALID')

  await at.advance(300_000)
  expect(states((await search({ state: 'expired' })).body.items)).toEqual(['expired', 'expired', 'expired'])
  expect((await search({ state: 'sent' })).body.items).toEqual([])
})

it('shows a request that was guessed at as burnt, with its tries', async () => {
  const { body } = await at.send()
  for (let tries = 0; tries < 5; tries += 1) await at.login(body.requestId, wrong(at.codeOf()))
  const { search } = await ask()
  expect((await search({ state: 'burnt' })).body.items).toMatchObject([{ id: body.requestId, tries: 5 }])
})

it('says that nobody sends where SMS is not set up', async () => {
  await at.fixture.close()
  at.fixture = await startFixture()
  const { summary } = await ask()
  expect(await summary()).toMatchObject({ provider: null, budgetPerDay: null, sentToday: 0, errors: [] })
})
