import { afterEach, describe, expect, it } from 'vitest'
import { appid, bearer, type Fixture, startFixture } from '../test/support/fixture.ts'

let fixture: Fixture
afterEach(() => fixture.close())

const login = async (user: string, withPhone = true) => {
  const body = {
    appid,
    loginCode: await fixture.wechat.loginCode(user),
    ...(withPhone && { phoneCode: await fixture.wechat.phoneCode(user) }),
  }
  return (await fixture.post('/v1/login', body)).body
}

describe('an embedding program', () => {
  it('knows whose session a request carries', async () => {
    fixture = await startFixture()
    const { member, session } = await login('李雷', false)
    const header = `Bearer ${session.accessToken}`
    const verified = { memberId: member.id, appid, openid: expect.any(String), sessionId: expect.any(String) }
    expect(await fixture.haoma.verify(header)).toEqual(verified)
    const request = new Request('http://shop.test/orders', { headers: { authorization: header } })
    expect(await fixture.haoma.verify(request)).toEqual(verified)
    expect(await fixture.haoma.verify('Bearer x')).toBeUndefined()
    expect(await fixture.haoma.verify(undefined)).toBeUndefined()
  })

  it('reads members, masked without a reason', async () => {
    fixture = await startFixture()
    const { member } = await login('李雷')
    expect(await fixture.haoma.members.get(member.id)).toMatchObject({ id: member.id, phone: { e164: null } })
    const found = await fixture.haoma.members.find({ e164: '+8613580006666' }, { reason: 'courier' })
    expect(found).toMatchObject({ id: member.id, phone: { e164: '+8613580006666' } })
    expect(await fixture.haoma.members.get('nobody')).toBeUndefined()
  })

  it('exchanges a code, again with the same number', async () => {
    fixture = await startFixture()
    const phoneCode = await fixture.wechat.phoneCode('李雷')
    const first = await fixture.haoma.exchange({ appid, phoneCode })
    expect(first.e164).toBe('+8613580006666')
    expect(await fixture.haoma.exchange({ appid, phoneCode })).toEqual(first)
  })
})

describe('hooks', () => {
  it('are told after the commit, with the number, and stop no login when they throw', async () => {
    const told: unknown[] = []
    fixture = await startFixture({
      hooks: {
        onLogin: async ({ member, isNew, ...rest }) => {
          // What was told of is stored: another reader finds it.
          told.push({
            login: (await fixture.db.members.find(member.id))?.id,
            phone: member.phone?.e164,
            ...rest,
          })
          throw new Error('the shop is closed')
        },
        onPhoneBound: ({ member }) => told.push({ bound: member.phone?.e164 }),
      },
    })
    const { member } = await login('李雷')
    expect(member.phone.bound).toBe(true)
    expect(told).toContainEqual({ login: member.id, phone: '+8613580006666', appid })
    expect(fixture.log()).toContain('the shop is closed')
  })

  it('are told of a number that is bound later, and of one that takes its place', async () => {
    const bound: unknown[] = []
    fixture = await startFixture({
      hooks: {
        onPhoneBound: async ({ member, ...rest }) => {
          const stored = await fixture.db.members.findPhone(member.id)
          bound.push({ id: member.id, e164: member.phone?.e164, isStored: stored !== undefined, ...rest })
        },
      },
    })
    await fixture.wechat.addUser('甲', ['+8613800138001', '+8613800138002'])
    const { member, session } = await login('甲', false)
    expect(bound).toEqual([])
    const as = bearer(session.accessToken)
    for (const number of ['+8613800138001', '+8613800138002']) {
      const phoneCode = await fixture.wechat.phoneCode('甲', { number })
      expect((await fixture.post('/v1/phone', { phoneCode }, as)).status).toBe(200)
      expect(bound.at(-1)).toEqual({ id: member.id, e164: number, isStored: true, appid })
    }
    expect(bound).toHaveLength(2)
    await fixture.send('DELETE', '/v1/phone', { headers: as })
    expect(bound).toHaveLength(2)
  })

  it('are told of a merge once, with both members, before the answer goes out', async () => {
    const merged: unknown[] = []
    fixture = await startFixture({
      hooks: {
        onMerge: async ({ from, into }) => {
          const former = await fixture.db.members.find(from)
          merged.push({ from, into: into.id, e164: into.phone?.e164, state: former?.state })
        },
      },
    })
    await fixture.wechat.addUser('甲', ['+8613800138003'])
    await fixture.wechat.addUser('乙', ['+8613800138003'])
    const owner = (await login('甲')).member
    const bare = await login('乙', false)
    const phoneCode = await fixture.wechat.phoneCode('乙')
    const answer = await fixture.post('/v1/phone', { phoneCode }, bearer(bare.session.accessToken))
    expect(answer.body.member.id).toBe(owner.id)
    expect(merged).toEqual([
      { from: bare.member.id, into: owner.id, e164: '+8613800138003', state: 'merged' },
    ])
  })

  it('hear of events of a transaction that committed, once, and of none that was rolled back', async () => {
    const bound: unknown[] = []
    const { withCommittedEvents } = await import('./hooks.ts')
    fixture = await startFixture()
    const db = withCommittedEvents(fixture.db, [
      async (events) => void bound.push(...events.map(({ id }) => id)),
    ])
    await fixture.db.members.create({ id: 'm1', createdAtMs: 1 })
    const event = { type: 'phone.bound', appid, memberId: 'm1', data: {}, createdAtMs: 1 } as const
    await db.transaction(({ events }) => events.add({ ...event, id: 'e1' }))
    const failed = db.transaction(async ({ events }) => {
      await events.add({ ...event, id: 'e2' })
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(bound).toEqual(['e1'])
  })
})
