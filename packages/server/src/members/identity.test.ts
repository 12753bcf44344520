import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, bearer, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { apps } from '../../test/support/simulated-wechat.ts'

let fixture: Fixture
let count = 0
let user: string
let number: string

beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.close())
beforeEach(async () => {
  count += 1
  user = `用户${count}`
  number = newNumber()
  await fixture.wechat.addUser(user, [number])
})

let numberCount = 0
const newNumber = () => {
  numberCount += 1
  return `137${String(numberCount).padStart(8, '0')}`
}

interface Way {
  appid?: string
  who?: string
  number?: string
}

/** The login of an app's start: no number. */
const signIn = async ({ appid = apps.single.appid, who = user }: Way = {}) =>
  fixture.post('/v1/login', { appid, loginCode: await fixture.wechat.loginCode(who, appid) })

/** A login with the number that the user picks. */
const signInWithPhone = async ({ appid = apps.single.appid, who = user, number: picked }: Way = {}) =>
  fixture.post('/v1/login', {
    appid,
    loginCode: await fixture.wechat.loginCode(who, appid),
    phoneCode: await fixture.wechat.phoneCode(who, { appid, ...(picked && { number: picked }) }),
  })

/** Binds a number to the member of a session. */
const bind = async (session: Answer, { appid = apps.single.appid, who = user, number: picked }: Way = {}) =>
  fixture.post(
    '/v1/phone',
    { phoneCode: await fixture.wechat.phoneCode(who, { appid, ...(picked && { number: picked }) }) },
    bearer(session.body.session.accessToken),
  )

const idOf = (answer: Answer): string => {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body.member.id
}

describe('a member', () => {
  it('is one, however many first logins come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => signIn()))
    expect(new Set(answers.map(idOf)).size).toBe(1)
  })

  it('is one, however many first logins with a number come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => signInWithPhone()))
    expect(new Set(answers.map(idOf)).size).toBe(1)
  })

  it('is recognised in a second app of the same open platform', async () => {
    const first = await signIn({ appid: apps.shop.appid })
    expect(idOf(await signIn({ appid: apps.club.appid }))).toBe(idOf(first))
  })

  it('is another in an app of no open platform, until the number says it is the same', async () => {
    const shop = await signInWithPhone({ appid: apps.shop.appid })
    const single = await signIn()
    expect(idOf(single)).not.toBe(idOf(shop))
    expect(idOf(await signInWithPhone())).toBe(idOf(shop))
    expect(idOf(await signIn())).toBe(idOf(shop))
  })

  it('keeps its number on a silent login', async () => {
    await signInWithPhone()
    const later = await signIn()
    expect(later.body.member.phone).toMatchObject({ bound: true, masked: masked(number) })
    expect(Date.parse(later.body.member.phone.verifiedAt)).toBeCloseTo(Date.now(), -5)
  })

  it('with a foreign number is shown with its country', async () => {
    await fixture.wechat.addUser('陈港生', ['+85261234567'])
    const answer = await signInWithPhone({ who: '陈港生' })
    expect(answer.body.member.phone.masked).toBe('+852 6*****67')
  })
})

describe('a number', () => {
  it('can be changed, and the old one is free for another', async () => {
    const second = newNumber()
    await fixture.wechat.addUser(user, [number, second])
    const session = await signInWithPhone()
    const changed = await bind(session, { number: second })
    expect(idOf(changed)).toBe(idOf(session))
    expect(changed.body.member.phone.masked).toBe(masked(second))
    expect(changed.body.session).toBeUndefined()

    await fixture.wechat.addUser('后来者', [number])
    const heir = await signInWithPhone({ who: '后来者' })
    expect(idOf(heir)).not.toBe(idOf(session))
    expect(heir.body.member.phone.masked).toBe(masked(number))
  })

  it('makes a member who is only a WeChat user the member who has it, with new tokens', async () => {
    const owner = await signInWithPhone({ appid: apps.shop.appid })
    const bare = await signIn()
    const bound = await bind(bare)
    expect(idOf(bound)).toBe(idOf(owner))

    const { session } = bound.body
    expect(subjectOf(session.accessToken)).toBe(idOf(owner))
    expect(idOf(await fixture.get('/v1/me', bearer(session.accessToken)))).toBe(idOf(owner))
    const old = await fixture.get('/v1/me', bearer(bare.body.session.accessToken))
    expect(idOf(old)).toBe(idOf(owner))
    const refreshed = await fixture.post('/v1/session/refresh', {
      refreshToken: bare.body.session.refreshToken,
    })
    expect(subjectOf(refreshed.body.accessToken)).toBe(idOf(owner))
  })

  it('answers a repeated bind that joined two members with the same member and tokens for it', async () => {
    await signInWithPhone({ appid: apps.shop.appid })
    const bare = await signIn()
    const phoneCode = await fixture.wechat.phoneCode(user)
    const headers = bearer(bare.body.session.accessToken)
    const first = await fixture.post('/v1/phone', { phoneCode }, headers)
    const second = await fixture.post('/v1/phone', { phoneCode }, headers)
    expect(second.body.member).toEqual(first.body.member)
    expect(subjectOf(second.body.session.accessToken)).toBe(idOf(first))
  })

  it('of another is a conflict for a member who has one', async () => {
    await fixture.wechat.addUser('甲', [newNumber()])
    const other = await signInWithPhone({ who: '甲' })
    const mine = await signInWithPhone()
    await fixture.wechat.addUser('甲', [number])
    const conflict = await signInWithPhone({ who: '甲' })
    expect(conflict.body).toMatchObject({
      status: 409,
      code: 'IDENTITY_CONFLICT',
      action: 'resolve-conflict',
    })
    // Neither side changed.
    expect((await signIn({ who: '甲' })).body.member).toEqual(other.body.member)
    expect((await signIn()).body.member).toEqual(mine.body.member)
  })

  it('in conflict leaves the code refused in the ledger, and says the same again', async () => {
    await fixture.wechat.addUser('乙', [newNumber()])
    await signInWithPhone({ who: '乙' })
    await signInWithPhone()
    await fixture.wechat.addUser('乙', [number])
    const body = {
      appid: apps.single.appid,
      loginCode: await fixture.wechat.loginCode('乙'),
      phoneCode: await fixture.wechat.phoneCode('乙'),
    }
    for (let times = 0; times < 2; times += 1) {
      expect((await fixture.post('/v1/login', body)).body.code).toBe('IDENTITY_CONFLICT')
    }
    expect(await fixture.ledgerOf(body.phoneCode)).toMatchObject({
      state: 'refused',
      reason: 'IDENTITY_CONFLICT',
    })
  })

  it('that two members go for at once goes to one of them', async () => {
    const shared = newNumber()
    const users = ['丙', '丁', '戊', '己']
    for (const who of users) await fixture.wechat.addUser(who, [newNumber(), shared])
    const sessions = await Promise.all(users.map((who) => signInWithPhone({ who })))
    const bound = await Promise.all(
      users.map((who, i) => bind(sessions[i] as Answer, { who, number: shared })),
    )
    expect(bound.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })
})

describe('a unionid that appears later', () => {
  it('is linked to the member, not made a second one', async () => {
    const { appid } = apps.single
    const before = await signIn()
    await setOpenPlatform(appid, 'haoma-open-platform')
    try {
      expect(idOf(await signIn())).toBe(idOf(before))
      expect(idOf(await signIn({ appid: apps.shop.appid }))).toBe(idOf(before))
    } finally {
      await setOpenPlatform(appid, null)
    }
  })

  it('joins two members of which one has no number', async () => {
    const { appid } = apps.single
    const bare = await signIn()
    const full = await signInWithPhone({ appid: apps.shop.appid })
    expect(idOf(bare)).not.toBe(idOf(full))
    await setOpenPlatform(appid, 'haoma-open-platform')
    try {
      expect(idOf(await signIn())).toBe(idOf(full))
    } finally {
      await setOpenPlatform(appid, null)
    }
  })

  it('leaves two members apart who both have a number, and lets both sign in', async () => {
    const { appid } = apps.single
    const second = newNumber()
    await fixture.wechat.addUser(user, [number, second])
    const one = await signInWithPhone({ number })
    const two = await signInWithPhone({ appid: apps.shop.appid, number: second })
    await setOpenPlatform(appid, 'haoma-open-platform')
    try {
      expect(idOf(await signIn())).toBe(idOf(one))
      expect(idOf(await signIn({ appid: apps.shop.appid }))).toBe(idOf(two))
    } finally {
      await setOpenPlatform(appid, null)
    }
  })
})

const masked = (phone: string) => `${phone.slice(0, 3)}****${phone.slice(-4)}`

function subjectOf(accessToken: string): string {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] as string, 'base64url').toString()).sub
}

async function setOpenPlatform(appid: string, openPlatform: string | null): Promise<void> {
  await fixture.wechat.setApp({ appid, openPlatform })
}
