import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFaultyDatabase } from '../../test/support/faulty-database.ts'
import { type Answer, appid, bearer, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { apps, paths } from '../../test/support/simulated-wechat.ts'

const MINUTE_MS = 60_000

let fixture: Fixture
const database = createFaultyDatabase()
let userCount = 0
let user: string
let number: string

beforeAll(async () => {
  fixture = await startFixture({
    wrapDatabase: database.wrap,
    exchangePolicy: { waitMs: 1000, pollMs: 10, patienceMs: 0, longestPauseMs: 100 },
  })
})
afterAll(() => fixture.close())
beforeEach(async () => {
  database.mend()
  await fixture.wechat.clearFaults()
  userCount += 1
  user = `用户${userCount}`
  number = `139${String(userCount).padStart(8, '0')}`
  await fixture.wechat.addUser(user, [number])
})

const bothCodes = async () => ({
  appid,
  loginCode: await fixture.wechat.loginCode(user),
  phoneCode: await fixture.wechat.phoneCode(user),
})

const login = (body: object) => fixture.post('/v1/login', body)

const expectBound = (answer: Answer) => {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  expect(answer.body.member.phone.masked).toBe(`139****${number.slice(-4)}`)
}

const expectProblem = (answer: Answer, code: string, action: string) =>
  expect(answer.body).toMatchObject({ code, action, status: answer.status })

describe('a code', () => {
  it('is not spent while the database is down', async () => {
    const body = await bothCodes()
    const before = await fixture.wechat.calls(paths.login)
    database.break()
    const refused = await login(body)
    expectProblem(refused, 'STORE_UNAVAILABLE', 'retry')
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await fixture.wechat.calls(paths.login)).toBe(before)
    database.mend()
    expectBound(await login(body))
  })

  // Whatever call to the database fails, before it is made or with its answer: the very same body succeeds later.
  it.each(['before', 'after'] as const)(
    'survives a database that goes away %s any call of a login, with one exchange',
    async (when) => {
      const count = async (body: object) => {
        const before = database.calls()
        expectBound(await login(body))
        return database.calls() - before
      }
      const callsOfALogin = await count(await bothCodes())
      expect(callsOfALogin).toBeGreaterThan(8)
      for (let call = 0; call < callsOfALogin; call += 1) {
        const body = await bothCodes()
        const before = {
          login: await fixture.wechat.calls(paths.login),
          phone: await fixture.wechat.calls(paths.phone),
        }
        database[when === 'before' ? 'breakBefore' : 'breakAfter'](call)
        const first = await login(body)
        if (first.status !== 200) expectProblem(first, 'STORE_UNAVAILABLE', 'retry')
        database.mend()
        expectBound(await login(body))
        expect((await fixture.wechat.calls(paths.login)) - before.login, `call ${call}`).toBe(1)
        expect((await fixture.wechat.calls(paths.phone)) - before.phone, `call ${call}`).toBe(1)
        expect(await fixture.ledgerOf(body.phoneCode)).toMatchObject({ state: 'used', listLi: 30 })
      }
    },
    60_000,
  )

  it('is stored by its owner when the database stumbled, whoever comes back', async () => {
    const body = await bothCodes()
    database.stumbleBefore(2)
    expectProblem(await login(body), 'STORE_UNAVAILABLE', 'retry')
    await expect.poll(() => fixture.ledgerOf(body.phoneCode)).toMatchObject({ state: 'used' })
  })

  it('is asked about without the openid when WeChat takes none, once', async () => {
    const body = await bothCodes()
    await fixture.wechat.fault({ kind: 'errcode', errcode: 47001, path: paths.phone, count: 1 })
    expectBound(await login(body))
    await fixture.wechat.fault({ kind: 'errcode', errcode: 47001, path: paths.phone, count: 2 })
    const refused = await bothCodes()
    expectProblem(await login(refused), 'WECHAT_MISCONFIGURED', 'show-message')
    expectBound(await login(refused))
  })

  it('leaves its trace when the login code beside it fails', async () => {
    const { phoneCode } = await bothCodes()
    const failed = await login({ appid, loginCode: 'B'.repeat(32), phoneCode })
    expectProblem(failed, 'LOGIN_CODE_INVALID', 'login-again')
    await fixture.advance(7 * MINUTE_MS)
    await fixture.haoma.housekeep()
    expect(await fixture.ledgerOf(phoneCode)).toMatchObject({ state: 'expired' })
  })

  it('that WeChat refused is refused, never lost, also when that could not be stored at once', async () => {
    const body = { appid, loginCode: await fixture.wechat.loginCode(user), phoneCode: 'cd'.repeat(32) }
    // The intent, then the transaction.
    database.breakBefore(1)
    expectProblem(await login(body), 'STORE_UNAVAILABLE', 'retry')
    database.mend()
    expectProblem(await login(body), 'PHONE_CODE_INVALID', 'tap-again')
    expect(await fixture.ledgerOf(body.phoneCode)).toMatchObject({ state: 'refused', attempts: 1 })
  })

  it('opens no session again once that was signed out, and is given again a few times only', async () => {
    const body = await bothCodes()
    const first = await login(body)
    const tokens = new Set<string>()
    for (let time = 0; time < 25; time += 1) {
      const again = await login(body)
      if (again.status === 200) tokens.add(again.body.session.refreshToken)
      else expectProblem(again, 'PHONE_CODE_INVALID', 'tap-again')
    }
    expect([...tokens]).toEqual([first.body.session.refreshToken])
    expect((await login(body)).status).toBe(422)

    const another = await bothCodes()
    const { session } = (await login(another)).body
    await fixture.send('DELETE', '/v1/session', { headers: bearer(session.accessToken) })
    expectProblem(await login(another), 'PHONE_CODE_INVALID', 'tap-again')
  })

  it('is nobody else’s: another device gets the answer for a code that nobody knows', async () => {
    const body = { ...(await bothCodes()), client: { deviceId: 'device-0001' } }
    expectBound(await login(body))
    const stolen = await login({ ...body, client: { deviceId: 'device-0002' } })
    expectProblem(stolen, 'LOGIN_CODE_INVALID', 'login-again')
    expectBound(await login(body))
  })

  it.each(['refused', 'drop-before'])('is asked about again when the connection broke (%s)', async (kind) => {
    const body = await bothCodes()
    await fixture.wechat.fault({ kind, path: paths.phone, count: 1 })
    expectProblem(await login(body), 'WECHAT_NO_ANSWER', 'retry')
    expectBound(await login(body))
    expect(await fixture.ledgerOf(body.phoneCode)).toMatchObject({ state: 'used', attempts: 2 })
  })

  it('is lost when the connection broke after it was spent, and a new one with the same login code works', async () => {
    const body = await bothCodes()
    await fixture.wechat.fault({ kind: 'drop-after', path: paths.phone, count: 1 })
    expectProblem(await login(body), 'WECHAT_NO_ANSWER', 'retry')
    expect(await fixture.ledgerOf(body.phoneCode)).toBeUndefined()
    const lost = await login(body)
    expectProblem(lost, 'PHONE_CODE_LOST', 'tap-again')
    expectProblem(await login(body), 'PHONE_CODE_LOST', 'tap-again')
    expect(await fixture.ledgerOf(body.phoneCode)).toMatchObject({ state: 'lost', errcode: 40029 })
    expectBound(await login({ ...body, phoneCode: await fixture.wechat.phoneCode(user) }))
  })

  it('of a login is invalid when the connection broke after it was spent', async () => {
    const body = await bothCodes()
    await fixture.wechat.fault({ kind: 'drop-after', path: paths.login, count: 1 })
    expectProblem(await login(body), 'WECHAT_NO_ANSWER', 'retry')
    expectProblem(await login(body), 'LOGIN_CODE_INVALID', 'login-again')
    const again = { ...body, loginCode: await fixture.wechat.loginCode(user) }
    expectBound(await login(again))
  })

  it('is lost when WeChat said busy and had spent it', async () => {
    const body = await bothCodes()
    await fixture.wechat.fault({ kind: 'errcode', errcode: -1, spend: true, path: paths.phone, count: 1 })
    expectProblem(await login(body), 'WECHAT_BUSY', 'retry')
    expectProblem(await login(body), 'PHONE_CODE_LOST', 'tap-again')
  })

  it.each([
    [-1, 'WECHAT_BUSY', 'retry'],
    [45011, 'WECHAT_BUSY', 'retry'],
    [45009, 'WECHAT_QUOTA', 'use-fallback'],
    [48001, 'WECHAT_MISCONFIGURED', 'show-message'],
    [99999, 'WECHAT_UNEXPECTED', 'show-message'],
  ])('stays good when WeChat answers %i', async (errcode, code, action) => {
    const body = await bothCodes()
    await fixture.wechat.fault({ kind: 'errcode', errcode, path: paths.phone, count: 1 })
    const answer = await login(body)
    expectProblem(answer, code, action)
    expect(answer.body.wechat.errcode).toBe(errcode)
    expectBound(await login(body))
  })

  it('of a phone is refused for good when WeChat refuses it, with WeChat’s number and rid', async () => {
    const loginCode = await fixture.wechat.loginCode(user)
    const body = { appid, loginCode, phoneCode: 'ab'.repeat(32) }
    const before = await fixture.wechat.calls(paths.phone)
    const answer = await login(body)
    expectProblem(answer, 'PHONE_CODE_INVALID', 'tap-again')
    expect(answer.body.wechat).toEqual({ errcode: 40029, rid: expect.stringMatching(/^\w{8}-\w{8}-\w{8}$/) })
    expect((await login(body)).body.wechat).toEqual(answer.body.wechat)
    expect(await fixture.ledgerOf(body.phoneCode)).toMatchObject({
      state: 'refused',
      reason: 'PHONE_CODE_INVALID',
      errcode: 40029,
    })
    expect((await fixture.wechat.calls(paths.phone)) - before).toBe(1)
  })

  it('of a login is refused for good when WeChat refuses it', async () => {
    const body = { appid, loginCode: 'A'.repeat(32) }
    expectProblem(await login(body), 'LOGIN_CODE_INVALID', 'login-again')
    const before = await fixture.wechat.calls(paths.login)
    expectProblem(await login(body), 'LOGIN_CODE_INVALID', 'login-again')
    expect(await fixture.wechat.calls(paths.login)).toBe(before)
  })

  it('blocks a user whom WeChat blocks', async () => {
    await fixture.wechat.fault({ kind: 'errcode', errcode: 40226, path: paths.login, count: 1 })
    expectProblem(await login(await bothCodes()), 'USER_BLOCKED', 'use-fallback')
  })

  it('of another user is refused, and stays good for its owner', async () => {
    const mine = await bothCodes()
    await fixture.wechat.addUser('小偷', ['13100000000'])
    expectBound(await login(mine))
    const stolen = await login({
      appid,
      loginCode: await fixture.wechat.loginCode('小偷'),
      phoneCode: mine.phoneCode,
    })
    expectProblem(stolen, 'PHONE_CODE_INVALID', 'tap-again')
    expectBound(await login(mine))
  })

  it('of the other kind is named, before anything is spent', async () => {
    const { loginCode, phoneCode } = await bothCodes()
    expectProblem(await login({ appid, loginCode: phoneCode }), 'PHONE_CODE_AS_LOGIN_CODE', 'give-up')
    const swapped = await login({ appid, loginCode, phoneCode: await fixture.wechat.loginCode(user) })
    expectProblem(swapped, 'LOGIN_CODE_AS_PHONE_CODE', 'give-up')
    expectBound(await login({ appid, loginCode, phoneCode }))
  })

  it('is good for the same answer until its life is over, and for none after that', async () => {
    const body = await bothCodes()
    const first = await login(body)
    await fixture.advance(5 * MINUTE_MS)
    const second = await login(body)
    expect(second.body.member).toEqual(first.body.member)
    const anotherLogin = { ...body, loginCode: await fixture.wechat.loginCode(user) }
    expect((await login(anotherLogin)).body.member).toEqual(first.body.member)
    await fixture.advance(2 * MINUTE_MS)
    expectProblem(await login(body), 'LOGIN_CODE_INVALID', 'login-again')
    const late = { ...body, loginCode: await fixture.wechat.loginCode(user) }
    expectProblem(await login(late), 'PHONE_CODE_INVALID', 'tap-again')
  })

  it('has one line in the ledger, with the price of its component', async () => {
    const loginCode = await fixture.wechat.loginCode(user)
    const phoneCode = await fixture.wechat.phoneCode(user, { component: 'realtime' })
    const answer = await login({ appid, loginCode, phoneCode, component: 'realtime' })
    expect(await fixture.ledgerOf(phoneCode)).toMatchObject({
      appid,
      component: 'realtime',
      listLi: 40,
      state: 'used',
      reason: null,
      memberId: answer.body.member.id,
      openid: expect.stringMatching(/^o/),
      attempts: 1,
    })
  })

  it('ends as expired when it was never spent, and as lost when nobody knows', async () => {
    const [unspent, unknown] = [await bothCodes(), await bothCodes()]
    await fixture.wechat.fault({ kind: 'errcode', errcode: 45009, path: paths.phone, count: 1 })
    await login(unspent)
    await fixture.wechat.fault({ kind: 'drop-after', path: paths.phone, count: 1 })
    await login(unknown)
    await fixture.haoma.housekeep()
    expect(await fixture.ledgerOf(unspent.phoneCode)).toBeUndefined()
    await fixture.advance(7 * MINUTE_MS)
    await fixture.haoma.housekeep()
    expect(await fixture.ledgerOf(unspent.phoneCode)).toMatchObject({ state: 'expired', listLi: 30 })
    expect(await fixture.ledgerOf(unknown.phoneCode)).toMatchObject({ state: 'lost' })
    const late = { ...unspent, loginCode: await fixture.wechat.loginCode(user) }
    expectProblem(await login(late), 'PHONE_CODE_INVALID', 'tap-again')
  })

  it('has its line in the ledger for ever, also when it comes again after it was forgotten', async () => {
    const body = await bothCodes()
    await login(body)
    await fixture.haoma.housekeep()
    const line = await fixture.ledgerOf(body.phoneCode)
    await fixture.advance(8 * 24 * 60 * MINUTE_MS)
    await fixture.haoma.housekeep()
    const late = { ...body, loginCode: await fixture.wechat.loginCode(user) }
    expectProblem(await login(late), 'PHONE_CODE_INVALID', 'tap-again')
    const lines = () => fixture.db.ledger.page({ codeKey: line?.codeKey }, { limit: 9 })
    expect(await lines()).toEqual([line])
    await fixture.wechat.fault({ kind: 'errcode', errcode: 45009, path: paths.phone, count: 1 })
    await fixture.advance(3 * 24 * 60 * MINUTE_MS)
    await fixture.haoma.housekeep()
    await login({ ...body, loginCode: await fixture.wechat.loginCode(user) })
    await fixture.advance(7 * MINUTE_MS)
    await fixture.haoma.housekeep()
    expect(await lines()).toEqual([line])
  })

  it('of an app that is not configured is refused before anything is spent', async () => {
    const body = await bothCodes()
    expectProblem(await login({ ...body, appid: 'wx0000000000000000' }), 'UNKNOWN_APP', 'give-up')
    expectBound(await login(body))
  })
})

describe('two processes', () => {
  it('exchange a code once between them', async () => {
    const other = await fixture.startAnother()
    await fixture.wechat.fault({ kind: 'latency', latencyMs: 100 })
    const body = await bothCodes()
    const before = await fixture.wechat.calls(paths.phone)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => (i % 2 ? fixture : other).post('/v1/login', body)),
    )
    for (const answer of answers) expectBound(answer)
    expect(new Set(answers.map(({ body: { member } }) => member.id)).size).toBe(1)
    expect((await fixture.wechat.calls(paths.phone)) - before).toBe(1)
  })

  it('take over from one that died before WeChat had the code', async () => {
    const body = await crash('drop-before')
    expectProblem(await login(body), 'CODE_IN_PROGRESS', 'retry')
    await fixture.advance(MINUTE_MS)
    expectBound(await login(body))
  })

  it('write a code down as lost when one died after WeChat answered', async () => {
    const body = await crash('none')
    await fixture.advance(MINUTE_MS)
    expectProblem(await login(body), 'PHONE_CODE_LOST', 'tap-again')
    expect(await fixture.ledgerOf(body.phoneCode)).toMatchObject({ state: 'lost', attempts: 2 })
  })

  it('lose nothing when one has the answer, its database comes back, and the client asks the other', async () => {
    const faulty = createFaultyDatabase()
    const other = await fixture.startAnother({
      wrapDatabase: faulty.wrap,
      exchangePolicy: { patienceMs: 0, waitMs: 1000, longestPauseMs: 200 },
    })
    const body = await bothCodes()
    faulty.breakBefore(1)
    expectProblem(await other.post('/v1/login', body), 'STORE_UNAVAILABLE', 'retry')
    // The lease has run out, since nothing could renew it, and the other process asks WeChat: the code is spent.
    await fixture.advance(MINUTE_MS)
    const asked = login(body)
    setTimeout(faulty.mend, 300)
    expectBound(await asked)
    expect(await fixture.ledgerOf(body.phoneCode)).toMatchObject({ state: 'used' })
  })

  /** A process that dies with WeChat's answer, or with its silence: nothing it does reaches the database any more. */
  async function crash(kind: 'drop-before' | 'none') {
    const body = await bothCodes()
    const dying = createFaultyDatabase()
    const other = await fixture.startAnother({ wrapDatabase: dying.wrap })
    if (kind === 'drop-before') await fixture.wechat.fault({ kind, path: paths.phone, count: 1 })
    dying.killAtTransaction()
    expect((await other.post('/v1/login', body)).status).toBe(500)
    return { ...body, loginCode: await fixture.wechat.loginCode(user) }
  }
})

describe('POST /v1/phone', () => {
  it('answers the same code again with the same number', async () => {
    const { loginCode, phoneCode } = await bothCodes()
    const { body } = await login({ appid, loginCode })
    const headers = bearer(body.session.accessToken)
    const before = await fixture.wechat.calls(paths.phone)
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => fixture.post('/v1/phone', { phoneCode }, headers)),
    )
    for (const answer of answers) expectBound(answer)
    expect((await fixture.wechat.calls(paths.phone)) - before).toBe(1)
  })

  it('spends nothing for an app that is no longer configured', async () => {
    const { loginCode, phoneCode } = await bothCodes()
    const { body } = await login({ appid, loginCode })
    const headers = bearer(body.session.accessToken)
    const without = await fixture.startAnother({ apps: [apps.shop] })
    expectProblem(await without.post('/v1/phone', { phoneCode }, headers), 'UNKNOWN_APP', 'give-up')
    expectBound(await fixture.post('/v1/phone', { phoneCode }, headers))
  })

  it('wants a session', async () => {
    expectProblem(await fixture.post('/v1/phone', { phoneCode: 'x' }), 'SESSION_REQUIRED', 'login-again')
    const forged = await fixture.post('/v1/phone', { phoneCode: 'x' }, bearer('a.b.c'))
    expectProblem(forged, 'SESSION_EXPIRED', 'login-again')
  })
})
