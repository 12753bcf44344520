import { URI } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, joinAs, openBrowser, password } from '../../test/support/admin-client.ts'
import { type Fixture, startFixture } from '../../test/support/fixture.ts'

const MINUTE_MS = 60_000

let fixture: Fixture
let owner: Browser
beforeAll(async () => {
  fixture = await startFixture({ apps: [], admin: { sessionIdleS: 600, sessionLifeS: 3600 } })
  owner = (await joinAs(fixture.haoma, 'owner')).browser
})
afterAll(() => fixture.close())

/** Addresses that nobody has failed from. */
const addresses = Array.from({ length: 250 }, (_, at) => `203.0.113.${at + 1}`)
const newIp = () => addresses.pop() ?? ''

const signIn = (body: Record<string, string>, browser = openBrowser(fixture.haoma, { ip: newIp() })) =>
  browser.enter('/admin/v1/session', { password, ...body })
const fail = (username: string, browser?: Browser) => signIn({ username, password: 'wrong' }, browser)
const times = async <T>(count: number, work: () => Promise<T>): Promise<T[]> => {
  const results: T[] = []
  for (let i = 0; i < count; i += 1) results.push(await work())
  return results
}
const codeOf = (uri: string, aheadS = 0): string => {
  const totp = URI.parse(uri)
  if (!('period' in totp)) throw new Error('no time-based codes')
  return totp.generate({ timestamp: fixture.clock.now() + aheadS * 1000 })
}
const withTotp = async (username: string) => {
  const joined = await joinAs(fixture.haoma, 'operator', username)
  const { body: setup } = await joined.browser.post('/admin/v1/me/totp')
  const confirmed = await joined.browser.post('/admin/v1/me/totp/confirm', { code: codeOf(setup.uri) })
  // The code that confirmed it is used.
  await fixture.advance(30_000)
  return { ...joined, uri: setup.uri as string, recoveryCodes: confirmed.body.recoveryCodes as string[] }
}

describe('signing in', () => {
  it('takes name and password, and is written into the audit', async () => {
    const { admin } = await joinAs(fixture.haoma, 'viewer', 'anna')
    const answer = await signIn({ username: ' ANNA ' })
    expect(answer.body).toMatchObject({ admin: { id: admin.id, role: 'viewer' }, idleInS: 600 })
    const lines = await fixture.db.audit.list(9)
    expect(lines).toContainEqual(expect.objectContaining({ action: 'admin.sign-in', actorId: admin.id }))
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^haoma-admin=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; SameSite=Strict$/)
  })

  it('answers alike for a wrong password, a name that nobody has, and an account that is off', async () => {
    const { admin } = await joinAs(fixture.haoma, 'viewer', 'bert')
    const [known, unknown] = [await fail('bert'), await fail('nobody')]
    await owner.send('PATCH', `/admin/v1/admins/${admin.id}`, { isDisabled: true })
    const off = await signIn({ username: 'bert' })
    for (const answer of [known, unknown, off]) {
      expect(answer).toMatchObject({ status: 401, body: { code: 'ADMIN_LOGIN_FAILED' } })
      expect({ ...answer.body, requestId: '' }).toEqual({ ...known.body, requestId: '' })
    }
    const failed = (await fixture.db.audit.list(9)).filter(({ action }) => action === 'admin.sign-in-failed')
    const actors = failed.slice(0, 3).map(({ actorId }) => actorId)
    expect(actors.sort()).toEqual([admin.id, admin.id, 'unknown'])
  })

  it('locks a name after five failures, alike for names that nobody has, for a quarter of an hour', async () => {
    await joinAs(fixture.haoma, 'viewer', 'carl')
    for (const username of ['carl', 'nobody-else']) {
      const answers = await times(5, () => fail(username))
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
      const locked = await signIn({ username })
      expect(locked).toMatchObject({ status: 429, body: { code: 'ADMIN_LOCKED' } })
      expect(locked.body.retryAfterS).toBeGreaterThan(800)
    }
  })

  it('counts many guesses at once one by one', async () => {
    await joinAs(fixture.haoma, 'viewer', 'dora')
    const answers = await Promise.all(Array.from({ length: 8 }, () => fail('dora')))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(3)
  })

  it('locks an address out that tries name after name', async () => {
    const browser = openBrowser(fixture.haoma, { ip: newIp() })
    for (let at = 0; at < 20; at += 1) await fail(`guess-${at}`, browser)
    expect((await fail('guess-new', browser)).body.code).toBe('ADMIN_LOCKED')
    expect((await signIn({ username: 'anna' }, browser)).body.code).toBe('ADMIN_LOCKED')
    expect((await signIn({ username: 'anna' })).status).toBe(200)
  })

  it('cannot be closed to its owner by strangers: a browser that was let in before has a count of its own', async () => {
    const { browser } = await joinAs(fixture.haoma, 'viewer', 'emil', { ip: newIp() })
    await times(7, () => fail('emil'))
    expect((await signIn({ username: 'emil' })).body.code).toBe('ADMIN_LOCKED')
    expect((await signIn({ username: 'emil' }, browser)).status).toBe(200)

    const thief = openBrowser(fixture.haoma, { ip: newIp() })
    const cookie = browser.cookies.get('haoma-admin-device') ?? ''
    thief.cookies.set('haoma-admin-device', `x${cookie}`)
    expect((await signIn({ username: 'emil' }, thief)).body.code).toBe('ADMIN_LOCKED')
    await times(10, () => fail('emil', browser))
    expect((await signIn({ username: 'emil' }, browser)).body.code).toBe('ADMIN_LOCKED')
  })
})

describe('one-time codes', () => {
  it('are asked for once they were confirmed, and a wrong one is a failure', async () => {
    const { uri } = await withTotp('finn')
    expect((await signIn({ username: 'finn' })).body.code).toBe('ADMIN_TOTP_REQUIRED')
    expect((await signIn({ username: 'finn', password: 'wrong' })).body.code).toBe('ADMIN_LOGIN_FAILED')
    expect((await signIn({ username: 'finn', totp: '000000' })).body.code).toBe('ADMIN_LOGIN_FAILED')
    expect((await signIn({ username: 'finn', totp: codeOf(uri, -90) })).body.code).toBe('ADMIN_LOGIN_FAILED')
    expect((await signIn({ username: 'finn', totp: codeOf(uri) })).body.admin.hasTotp).toBe(true)
  })

  it('sign in once: not a second time, not an older one, and only one of two at once', async () => {
    const { uri } = await withTotp('gina')
    const [code, older] = [codeOf(uri), codeOf(uri, -30)]
    const both = await Promise.all([code, code].map((totp) => signIn({ username: 'gina', totp })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401])
    expect((await signIn({ username: 'gina', totp: older })).body.code).toBe('ADMIN_LOGIN_FAILED')
    await fixture.advance(30_000)
    expect((await signIn({ username: 'gina', totp: codeOf(uri) })).status).toBe(200)
  })

  it('that only confirmed the authenticator do not sign in as well', async () => {
    const { browser } = await joinAs(fixture.haoma, 'operator', 'hugo')
    const { body: setup } = await browser.post('/admin/v1/me/totp')
    expect((await signIn({ username: 'hugo' })).status).toBe(200)
    const code = codeOf(setup.uri)
    expect((await browser.post('/admin/v1/me/totp/confirm', { code: '000000' })).body.code).toBe(
      'ADMIN_LOGIN_FAILED',
    )
    expect((await browser.post('/admin/v1/me/totp/confirm', { code })).status).toBe(200)
    expect((await signIn({ username: 'hugo', totp: code })).body.code).toBe('ADMIN_LOGIN_FAILED')
    expect((await browser.post('/admin/v1/me/totp')).body).toMatchObject({ code: 'NOT_POSSIBLE_NOW' })
  })

  it('have recovery codes in their place, each once, however it is typed', async () => {
    const { recoveryCodes, browser } = await withTotp('iris')
    expect(new Set(recoveryCodes).size).toBe(10)
    const [first = '', second = ''] = recoveryCodes
    const both = await Promise.all([first, first].map((totp) => signIn({ username: 'iris', totp })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401])
    const typed = ` ${second.toLowerCase().replace('-', ' ').replace(/0/g, 'o')} `
    expect((await signIn({ username: 'iris', totp: typed })).status).toBe(200)
    const { body } = await browser.post('/admin/v1/me/recovery-codes', { password })
    expect((await signIn({ username: 'iris', totp: recoveryCodes[2] ?? '' })).status).toBe(401)
    expect((await signIn({ username: 'iris', totp: body.recoveryCodes[0] })).status).toBe(200)
    const stored = JSON.stringify(await fixture.db.admins.findByName('iris'))
    for (const code of [...recoveryCodes, ...body.recoveryCodes]) expect(stored).not.toContain(code)
  })

  it('are switched off by the password, and by nothing else', async () => {
    const { browser } = await withTotp('jana')
    expect((await browser.post('/admin/v1/me/totp/remove', { password: 'wrong' })).body.code).toBe(
      'ADMIN_LOGIN_FAILED',
    )
    expect((await signIn({ username: 'jana' })).body.code).toBe('ADMIN_TOTP_REQUIRED')
    expect((await browser.post('/admin/v1/me/totp/remove', { password })).status).toBe(204)
    expect((await signIn({ username: 'jana' })).status).toBe(200)
  })
})

describe('a session', () => {
  it('ends when it is not used, and after its life however much it is used', async () => {
    const { browser: idle } = await joinAs(fixture.haoma, 'viewer', 'kira')
    const { browser: busy } = await joinAs(fixture.haoma, 'viewer', 'lars')
    for (let minutes = 0; minutes < 54; minutes += 9) {
      await fixture.advance(9 * MINUTE_MS)
      expect((await busy.get('/admin/v1/session')).status).toBe(200)
    }
    expect((await idle.get('/admin/v1/session')).status).toBe(401)
    await fixture.advance(6 * MINUTE_MS)
    expect((await busy.get('/admin/v1/session')).status).toBe(401)
    owner = openBrowser(fixture.haoma, { ip: newIp() })
    expect((await signIn({ username: 'owner' }, owner)).status).toBe(200)
  })

  it('is listed, ended from elsewhere, and ended by signing out', async () => {
    const { browser: first } = await joinAs(fixture.haoma, 'viewer', 'mona')
    const [second, third] = [openBrowser(fixture.haoma), openBrowser(fixture.haoma)]
    for (const browser of [second, third]) await signIn({ username: 'mona' }, browser)
    const { sessions } = (await first.get('/admin/v1/me/sessions')).body
    expect(sessions.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toEqual([false, false, true])
    expect((await first.send('DELETE', `/admin/v1/me/sessions/${sessions[0].id}`)).status).toBe(204)
    expect((await third.get('/admin/v1/session')).status).toBe(401)
    expect((await owner.send('DELETE', `/admin/v1/me/sessions/${sessions[1].id}`)).body.code).toBe(
      'NOT_THERE',
    )
    await first.send('DELETE', '/admin/v1/me/sessions')
    expect((await second.get('/admin/v1/session')).status).toBe(401)
    const cookie = first.cookies.get('haoma-admin') ?? ''
    expect((await first.send('DELETE', '/admin/v1/session')).status).toBe(204)
    expect(first.cookies.has('haoma-admin')).toBe(false)
    first.cookies.set('haoma-admin', cookie)
    expect((await first.get('/admin/v1/session')).status).toBe(401)
  })

  it('ends with all others when the password is changed elsewhere', async () => {
    const { browser } = await joinAs(fixture.haoma, 'viewer', 'nils')
    const other = openBrowser(fixture.haoma)
    await signIn({ username: 'nils' }, other)
    const change = { password, newPassword: 'another long one' }
    expect((await browser.post('/admin/v1/me/password', { ...change, password: 'wrong' })).status).toBe(401)
    expect((await browser.post('/admin/v1/me/password', change)).status).toBe(204)
    expect((await other.get('/admin/v1/session')).status).toBe(401)
    expect((await browser.get('/admin/v1/session')).status).toBe(200)
    expect((await signIn({ username: 'nils' })).status).toBe(401)
  })

  it('over HTTPS has a cookie that no other host can plant, and no other counts', async () => {
    const proxied = (await fixture.startAnother({ apps: [], trustedProxies: ['10.0.0.0/8'] })).haoma
    const send = (cookie: string, body?: unknown) =>
      proxied.fetch(
        new Request('http://admin.test/admin/v1/session', {
          method: body ? 'POST' : 'GET',
          headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https', cookie },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
        { ip: '10.0.0.2' },
      )
    const [cookie = ''] = (await send('', { username: 'owner', password })).headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-haoma-admin=[\w-]{43}; .*Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    const [pair = ''] = cookie.split(';')
    expect((await send(pair)).status).toBe(200)
    expect((await send(pair.replace('__Host-', ''))).status).toBe(401)
  })
})

describe('owners', () => {
  it('change roles and switch accounts off, which holds for running sessions at once', async () => {
    const { browser, admin } = await joinAs(fixture.haoma, 'viewer', 'olga')
    const change = (body: unknown) => owner.send('PATCH', `/admin/v1/admins/${admin.id}`, body)
    expect((await browser.get('/admin/v1/admins')).body.code).toBe('ADMIN_FORBIDDEN')
    await change({ role: 'owner' })
    expect((await browser.get('/admin/v1/admins')).status).toBe(200)
    await change({ role: 'viewer', isDisabled: true })
    expect((await browser.get('/admin/v1/session')).status).toBe(401)
    await change({ isDisabled: false })
    expect((await signIn({ username: 'olga' })).body.admin).toMatchObject({
      role: 'viewer',
      isDisabled: false,
    })
    expect((await owner.send('PATCH', '/admin/v1/admins/none', {})).body.code).toBe('NOT_THERE')
  })

  it('stay at least one, also when two give up at once', async () => {
    const { admin: paul } = await joinAs(fixture.haoma, 'owner', 'paul')
    const { body } = await owner.get('/admin/v1/session')
    const give = (id: string, change: unknown) => owner.send('PATCH', `/admin/v1/admins/${id}`, change)
    const both = await Promise.all([
      give(paul.id, { role: 'viewer' }),
      give(body.admin.id, { isDisabled: true }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const refused = both.find(({ status }) => status === 409)
    expect(refused?.body.detail).toContain('所有者')
    const left = (await fixture.db.admins.list()).filter(
      (one) => one.role === 'owner' && one.disabledAtMs === null,
    )
    expect(left).toHaveLength(1)
  })
})
