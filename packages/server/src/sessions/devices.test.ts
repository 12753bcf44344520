import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appid, bearer, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { judgeRefresh } from './rotation.ts'

const actor = { actorKind: 'cli', actorId: 'test', ip: null, requestId: null } as const
const DAY_MS = 86_400_000
/** The next key is published so long before it signs. */
const PUBLISH_AHEAD_MS = 600_000

let fixture: Fixture
let user: string
let count = 0
beforeAll(async () => {
  fixture = await startFixture({ session: { maxSessions: 3, absoluteTtlS: 40 * 86_400 } })
})
afterAll(() => fixture.close())

const newUser = async () => {
  count += 1
  user = `设备${count}`
  await fixture.wechat.addUser(user, [])
}
const signIn = async (deviceId?: string) => {
  const loginCode = await fixture.wechat.loginCode(user)
  const client = { deviceName: 'iPhone', platform: 'ios', ...(deviceId && { deviceId }) }
  return (await fixture.post('/v1/login', { appid, loginCode, client })).body.session
}
const me = async ({ accessToken }: { accessToken: string }) =>
  (await fixture.get('/v1/me', bearer(accessToken))).status
const refresh = ({ refreshToken }: { refreshToken: string }) =>
  fixture.post('/v1/session/refresh', { refreshToken })
const list = async ({ accessToken }: { accessToken: string }) =>
  (await fixture.get('/v1/sessions', bearer(accessToken))).body.sessions
const end = (path: string, { accessToken }: { accessToken: string }) =>
  fixture.send('DELETE', path, { headers: bearer(accessToken) })
const sidOf = ({ accessToken }: { accessToken: string }) => String(decodeJwt(accessToken).sid)

describe('a device', () => {
  it('has one session: the next one ends it', async () => {
    await newUser()
    const [first, second] = [await signIn('device-0001'), await signIn('device-0001')]
    expect([await me(first), await me(second)]).toEqual([401, 200])
    expect((await fixture.db.sessions.find(sidOf(first)))?.endReason).toBe('replaced')
  })

  it('ends no session of another member by naming the same id', async () => {
    await newUser()
    const mine = await signIn('device-0002')
    await newUser()
    await signIn('device-0002')
    expect(await me(mine)).toBe(200)
  })

  it('that is not named counts too: no more sessions than the policy lets', async () => {
    await newUser()
    const sessions = []
    for (let i = 0; i < 5; i += 1) sessions.push(await signIn())
    expect(await Promise.all(sessions.map(me))).toEqual([401, 401, 200, 200, 200])
  })
})

describe('the sessions of a member', () => {
  it('are listed, newest first, and say which is this', async () => {
    await newUser()
    const [one, two] = [await signIn('device-0003'), await signIn('device-0004')]
    const sessions = await list(one)
    expect(sessions.map(({ id, isCurrent }: Record<string, unknown>) => [id, isCurrent])).toEqual([
      [sidOf(two), false],
      [sidOf(one), true],
    ])
    expect(sessions[0]).toMatchObject({ way: 'wechat', appid, deviceName: 'iPhone', platform: 'ios' })
  })

  it('end one by one, or all but this, and never those of others', async () => {
    await newUser()
    const stranger = await signIn()
    await newUser()
    const [one, two, three] = [await signIn(), await signIn(), await signIn()]
    expect((await end(`/v1/sessions/${sidOf(stranger)}`, one)).status).toBe(204)
    expect(await me(stranger)).toBe(200)
    expect((await end(`/v1/sessions/${sidOf(two)}`, one)).status).toBe(204)
    expect([await me(one), await me(two), await me(three)]).toEqual([200, 401, 200])
    expect((await end('/v1/sessions', one)).status).toBe(204)
    expect([await me(one), await me(three), await me(stranger)]).toEqual([200, 401, 200])
  })
})

describe('a session', () => {
  it('ends after its absolute life, however often it is refreshed', async () => {
    await newUser()
    let session = await signIn()
    for (const days of [15, 15]) {
      await fixture.advance(days * DAY_MS)
      session = (await refresh(session)).body
    }
    expect(session.refreshExpiresInS).toBeLessThanOrEqual(10 * 86_400)
    await fixture.advance(11 * DAY_MS)
    expect((await refresh(session)).body.code).toBe('SESSION_EXPIRED')
  })

  it('that was refreshed is idle from then on', async () => {
    await newUser()
    const session = (await refresh(await signIn())).body
    await fixture.advance(31 * DAY_MS)
    expect((await refresh(session)).body.code).toBe('SESSION_EXPIRED')
  })

  it('has no access token that outlives it', async () => {
    await newUser()
    let session = await signIn()
    for (const days of [20, 19]) {
      await fixture.advance(days * DAY_MS)
      session = (await refresh(session)).body
    }
    await fixture.advance(DAY_MS - 300_000)
    const last = (await refresh(session)).body
    expect(last.expiresInS).toBeLessThanOrEqual(300)
    expect(last.expiresInS).toBeGreaterThan(0)
  })

  it('is worth nothing once its member is out, even while nothing has ended it', async () => {
    await newUser()
    const session = await signIn()
    const memberId = String(decodeJwt(session.accessToken).sub)
    await fixture.db.transaction((stores) =>
      stores.members.setState(memberId, { state: 'banned', nowMs: fixture.clock.now() }),
    )
    expect(await me(session)).toBe(401)
    expect((await refresh(session)).body.code).toBe('SESSION_EXPIRED')
  })

  it('has access tokens that do not all expire at once', async () => {
    await newUser()
    const lives = []
    for (let i = 0; i < 12; i += 1) lives.push((await signIn('device-0005')).expiresInS)
    expect(new Set(lives).size).toBeGreaterThan(1)
    for (const life of lives) {
      expect(life).toBeLessThanOrEqual(900)
      expect(life).toBeGreaterThanOrEqual(855)
    }
  })
})

describe('the four cases of a refresh', () => {
  const session = { generation: 5, rotatedAtMs: 1000, successorUsedAtMs: null as number | null }
  const judge = (generation: number, over: Partial<typeof session> = {}, nowMs = 2000) =>
    judgeRefresh(generation, { ...session, ...over }, { nowMs, graceS: 10 })

  it.each([
    ['the current one rotates', judge(5), { verdict: 'rotate' }],
    ['the one before gives the current pair', judge(4), { verdict: 'repeat' }],
    ['even at the end of its grace', judge(4, {}, 11_000), { verdict: 'repeat' }],
    ['but not after it', judge(4, {}, 11_001), { verdict: 'reused', kind: 'recent-prev' }],
    [
      'nor once the current one was used',
      judge(4, { successorUsedAtMs: 1500 }),
      { verdict: 'reused', kind: 'recent-prev' },
    ],
    ['an older one is stale', judge(3), { verdict: 'reused', kind: 'stale-lineage' }],
    ['one that was never given out is an orphan', judge(6), { verdict: 'reused', kind: 'orphaned-branch' }],
  ])('%s', (_name, verdict, expected) => {
    expect(verdict).toEqual(expected)
  })
})

describe('rotating the signing key', () => {
  const kidOf = ({ accessToken }: { accessToken: string }) => decodeProtectedHeader(accessToken).kid
  const published = async (from = fixture.get) =>
    (await from('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid)

  it('publishes the next key before it signs, in every process, and keeps tokens of the one before', async () => {
    await newUser()
    const other = await fixture.startAnother()
    const { keyRotation } = fixture.haoma.people
    const before = await signIn()
    const next = await keyRotation.rotate(actor)
    expect((await keyRotation.rotate(actor)).kid).toBe(next.kid)
    await fixture.advance(5000)
    expect(await published(other.get)).toContain(next.kid)
    await keyRotation.tend()
    expect(kidOf(await signIn())).not.toBe(next.kid)

    await fixture.advance(PUBLISH_AHEAD_MS)
    await keyRotation.tend()
    await fixture.advance(5000)
    const after = await signIn()
    expect(kidOf(after)).toBe(next.kid)
    for (const token of [before, after]) {
      expect((await other.get('/v1/me', bearer(token.accessToken))).status).toBe(200)
    }
  })

  it('is noticed at once by a process that meets a token of a key it does not know', async () => {
    await newUser()
    const { keyRotation } = fixture.haoma.people
    await fixture.advance(1000)
    expect(await me(await signIn())).toBe(200)
    const other = await fixture.startAnother()
    await fixture.advance(1000)
    const signing = (await keyRotation.list()).find(({ state }) => state === 'signing')
    await keyRotation.revoke(signing?.kid ?? '', actor)
    const third = await fixture.startAnother()
    const loginCode = await fixture.wechat.loginCode(user)
    const { body } = await third.post('/v1/login', { appid, loginCode })
    expect(kidOf(body.session)).not.toBe(signing?.kid)
    expect((await other.get('/v1/me', bearer(body.session.accessToken))).status).toBe(200)
  })

  it('by force ends every access token of the key within 5 seconds, and no session', async () => {
    await newUser()
    const session = await signIn()
    const { keyRotation } = fixture.haoma.people
    const revoked = await keyRotation.revoke(String(kidOf(session)), actor)
    expect(revoked?.state).toBe('revoked')
    await fixture.advance(5000)
    expect(await me(session)).toBe(401)
    expect(await published()).not.toContain(kidOf(session))
    const next = (await refresh(session)).body
    expect(await me(next)).toBe(200)
    expect(kidOf(next)).not.toBe(kidOf(session))
    expect(await keyRotation.revoke('nobody', actor)).toBeUndefined()
  })
})
