import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, bearer, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { apps } from '../../test/support/simulated-wechat.ts'

const { single, shop } = apps
const DAY_MS = 86_400_000

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture({
    apps: [
      single,
      { ...shop, policy: { knownMembersOnly: true, countries: ['CN', 'HK'], session: { accessTtlS: 60 } } },
    ],
  })
})
afterAll(() => fixture.close())

let count = 0
/** A WeChat user with numbers of their own. */
const newUser = async (...numbers: string[]) => {
  count += 1
  const name = `会员${count}`
  const own = numbers.length > 0 ? numbers : [`1360000${String(count).padStart(4, '0')}`]
  await fixture.wechat.addUser(name, own)
  return { name, numbers: own as [string, ...string[]] }
}
interface Tap {
  appid?: string
  component?: 'quick' | 'realtime'
  number?: string
  client?: object
}
const login = async (name: string, { appid = single.appid, component = 'quick', number, client }: Tap = {}) =>
  fixture.post('/v1/login', {
    appid,
    loginCode: await fixture.wechat.loginCode(name, appid),
    phoneCode: await fixture.wechat.phoneCode(name, { appid, component, ...(number && { number }) }),
    component,
    ...(client && { client }),
  })
const silently = async (name: string, appid = single.appid) =>
  fixture.post('/v1/login', { appid, loginCode: await fixture.wechat.loginCode(name, appid) })
const idOf = ({ status, body }: Answer): string => {
  expect(status, JSON.stringify(body)).toBe(200)
  return body.member.id
}
const typesOf = async (id: string) => (await fixture.db.events.listOf(id)).map(({ type }) => type)

describe('a number that may have a new holder', () => {
  /** Somebody's number, and somebody else who has it in the hand now. */
  const recycled = async (afterDays: number) => {
    const before = await newUser()
    const owner = await login(before.name)
    await fixture.advance(afterDays * DAY_MS)
    const heir = await newUser(...before.numbers)
    return { before, owner, heir }
  }

  it('opens no account by the quick component, and the user is signed in without it', async () => {
    const { owner, heir } = await recycled(91)
    const answer = await login(heir.name)
    expect(answer.body).toMatchObject({
      status: 409,
      code: 'PHONE_VERIFICATION_REQUIRED',
      action: 'verify-number',
    })
    const me = await fixture.get('/v1/me', bearer(answer.body.session.accessToken))
    expect(me.body.member).toMatchObject({ phone: { bound: false } })
    expect(me.body.member.id).not.toBe(idOf(owner))
  })

  it('opens it by the realtime component', async () => {
    const { owner, heir } = await recycled(91)
    expect(idOf(await login(heir.name, { component: 'realtime' }))).toBe(idOf(owner))
  })

  it('is what it was within 90 days', async () => {
    const { owner, heir } = await recycled(89)
    expect(idOf(await login(heir.name))).toBe(idOf(owner))
  })

  it('is one that somebody else was vouched for with since, however short the time', async () => {
    const { owner, heir } = await recycled(1)
    const [binding] = await fixture.db.phoneBindings.listOf(idOf(owner))
    const stranger = idOf(await silently((await newUser()).name))
    if (!binding) throw new Error('no binding')
    const later = { id: `b${count}`, memberId: stranger, verifiedAtMs: binding.verifiedAtMs + 1000 }
    await fixture.db.phoneBindings.add({ ...binding, ...later, unboundAtMs: 1, unboundReason: 'unbound' })
    expect((await login(heir.name)).body.code).toBe('PHONE_VERIFICATION_REQUIRED')
    expect(idOf(await login(heir.name, { component: 'realtime' }))).toBe(idOf(owner))
  })

  it('stays doubtful for others once somebody else showed it', async () => {
    const { owner, heir } = await recycled(91)
    await login(heir.name)
    const third = await newUser(...heir.numbers)
    expect((await login(third.name)).body.code).toBe('PHONE_VERIFICATION_REQUIRED')
    expect(idOf(await login(third.name, { component: 'realtime' }))).toBe(idOf(owner))
  })
})

describe('two numbers of one member', () => {
  it('leave the one that was vouched for later, in whatever order they arrive', async () => {
    const user = { appid: single.appid, openid: 'o-late' }
    const arrive = (e164: string, verifiedAtMs: number) =>
      fixture.db.transaction((stores) =>
        fixture.haoma.people.members.recognize(stores, user, { e164, verifiedBy: 'quick', verifiedAtMs }),
      )
    const maskedAfter = async (arrival: ReturnType<typeof arrive>) => {
      const recognition = await arrival
      if (recognition.outcome !== 'member') throw new Error(recognition.outcome)
      return (await fixture.haoma.people.members.view(fixture.db, recognition.memberId)).phone.masked
    }
    expect(await maskedAfter(arrive('+8613611115555', 2000))).toBe('136****5555')
    expect(await maskedAfter(arrive('+8613611114444', 1000))).toBe('136****5555')
    expect(await maskedAfter(arrive('+8613611116666', 3000))).toBe('136****6666')
  })
})

describe('a member who unbinds', () => {
  it('has no number, and the number is free', async () => {
    const user = await newUser()
    const session = await login(user.name)
    const headers = bearer(session.body.session.accessToken)
    const unbound = await fixture.send('DELETE', '/v1/phone', { headers })
    expect(unbound.body.member).toEqual({
      id: idOf(session),
      phone: { bound: false, masked: null, verifiedAt: null },
    })
    expect((await fixture.send('DELETE', '/v1/phone', { headers })).status).toBe(200)
    const heir = await newUser(...user.numbers)
    expect(idOf(await login(heir.name))).not.toBe(idOf(session))
    expect(await typesOf(idOf(session))).toEqual(['member.created', 'phone.bound', 'phone.unbound'])
  })
})

describe('a banned member', () => {
  it('is out at once and stays out, by WeChat and by number, until let in again', async () => {
    const user = await newUser()
    const session = await login(user.name)
    const id = idOf(session)
    await fixture.haoma.people.members.ban(id, 'admin')
    const { accessToken, refreshToken } = session.body.session
    expect((await fixture.get('/v1/me', bearer(accessToken))).status).toBe(401)
    expect((await fixture.post('/v1/session/refresh', { refreshToken })).status).toBe(401)
    expect((await silently(user.name)).body.code).toBe('MEMBER_BANNED')
    const other = await newUser(...user.numbers)
    expect((await login(other.name)).body.code).toBe('MEMBER_BANNED')
    expect(await typesOf(id)).toEqual(['member.created', 'phone.bound', 'member.banned', 'session.ended'])
    await fixture.haoma.people.members.unban(id, 'admin')
    expect(idOf(await silently(user.name))).toBe(id)
  })
})

describe('an app of its own rules', () => {
  const only = { appid: shop.appid }

  it('lets nobody in who is not known, and leaves no member behind', async () => {
    const user = await newUser()
    expect((await silently(user.name, shop.appid)).body.code).toBe('MEMBER_UNKNOWN')
    expect((await login(user.name, only)).body).toMatchObject({
      code: 'MEMBER_UNKNOWN',
      action: 'show-message',
    })
  })

  it('lets in who is known by the number, with the lifetimes of the app', async () => {
    const user = await newUser()
    const known = await login(user.name)
    const answer = await login(user.name, only)
    expect(idOf(answer)).toBe(idOf(known))
    expect(answer.body.session.expiresInS).toBeLessThanOrEqual(60)
    expect(answer.body.session.expiresInS).toBeGreaterThanOrEqual(57)
  })

  it('takes numbers of its countries only, and books the code as refused', async () => {
    const user = await newUser('+14155550123')
    const phoneCode = await fixture.wechat.phoneCode(user.name, { appid: shop.appid })
    const loginCode = await fixture.wechat.loginCode(user.name, shop.appid)
    const answer = await fixture.post('/v1/login', { appid: shop.appid, loginCode, phoneCode })
    expect(answer.body.code).toBe('PHONE_COUNTRY_NOT_ALLOWED')
    expect(answer.body.session).toBeUndefined()
  })
})

describe('isNew', () => {
  it('is true for the login that made the member, and for no other', async () => {
    const user = await newUser()
    expect((await login(user.name)).body.isNew).toBe(true)
    expect((await silently(user.name)).body.isNew).toBe(false)
  })
})

describe('privacy', () => {
  const actor = { kind: 'admin', id: 'a1' } as const

  it('keeps the consent with the number', async () => {
    const user = await newUser()
    const id = idOf(await login(user.name, { client: { guideline: '2026-01' } }))
    const [binding] = await fixture.db.phoneBindings.listOf(id)
    expect(binding).toMatchObject({ verifiedBy: 'quick', guideline: '2026-01', appid: single.appid })
    expect(binding?.openid).toMatch(/^o/)
  })

  it('exports what is stored about a member, for a reason that is audited', async () => {
    const user = await newUser()
    const id = idOf(await login(user.name, { client: { deviceId: 'device-of-mine' } }))
    const { privacy } = fixture.haoma.people
    const reading = { actor, memberId: id, reason: undefined }
    await expect(privacy.exportMember(reading)).rejects.toThrow('reason')
    await fixture.haoma.housekeep()
    // A consent of the same WeChat user at a back end that keeps its own members.
    const [consent] = await fixture.db.ledger.page({ memberId: id }, { limit: 1 })
    if (!consent) throw new Error('no consent')
    const elsewhere = { id: 'elsewhere', codeKey: 'elsewhere', memberId: null, surface: 'exchange' } as const
    await fixture.db.ledger.add({ ...consent, ...elsewhere, seenAtMs: consent.seenAtMs + 1 })
    const exported = await privacy.exportMember({ ...reading, reason: 'asked by the member' })
    expect(exported).toMatchObject({
      member: { id, state: 'active' },
      number: `+86${user.numbers[0]}`,
      numbers: [{ number: `+86${user.numbers[0]}`, component: 'quick' }],
      identities: [{ provider: 'wechat-openid' }],
      sessions: [{ appid: single.appid }],
    })
    expect(exported.events.map(({ type }) => type)).toEqual(['member.created', 'phone.bound'])
    const consented = { appid: single.appid, component: 'quick', state: 'used' }
    expect(exported.consents).toMatchObject([consented, consented])
    expect(exported.requests).toMatchObject([{ way: 'login', outcome: 'ok', deviceId: 'device-of-mine' }])
    const [entry] = await fixture.db.audit.list(1)
    expect(entry).toMatchObject({ action: 'number.read', targetId: id, reason: 'asked by the member' })
    expect(fixture.log()).not.toContain(user.numbers[0])
  })

  it('erases a member for good: the same person is somebody new', async () => {
    const user = await newUser()
    const session = await login(user.name, { client: { deviceId: 'device-of-mine' } })
    const id = idOf(session)
    await fixture.haoma.people.privacy.eraseMember(id, actor)
    expect((await fixture.get('/v1/me', bearer(session.body.session.accessToken))).status).toBe(401)
    expect(await fixture.db.members.identitiesOf(id)).toEqual([])
    expect(await fixture.db.phoneBindings.listOf(id)).toEqual([])
    expect(await fixture.db.members.find(id)).toMatchObject({ state: 'erased' })
    expect((await fixture.db.sessions.listOf(id))[0]).toMatchObject({ openid: null, deviceId: null })
    expect(JSON.parse((await fixture.db.erasures.find(id))?.subjects ?? '[]')).toHaveLength(2)
    expect(await typesOf(id)).toContain('member.erased')
    expect(idOf(await login(user.name))).not.toBe(id)
    await expect(fixture.haoma.people.privacy.eraseMember(id, actor)).rejects.toThrow()
  })
})
