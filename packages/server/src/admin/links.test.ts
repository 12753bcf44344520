import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { joinAs, openBrowser, password } from '../../test/support/admin-client.ts'
import { postgresUnderTest, sqliteUnderTest } from '../../test/support/databases-under-test.ts'
import { type Fixture, startFixture } from '../../test/support/fixture.ts'
import type { CreateDatabases } from '../stores/conformance/databases.ts'

const cli = { actorKind: 'cli', actorId: 'haoma', ip: null, requestId: null } as const

const claim = (haoma: Fixture['haoma'], body: Record<string, unknown>) =>
  openBrowser(haoma).enter('/admin/v1/links/claim', { username: 'li', password, ...body })

describe('the first owner', () => {
  let fixture: Fixture
  beforeEach(async () => {
    fixture = await startFixture({ apps: [] })
  })
  afterEach(() => fixture.close())

  it('is made by a one-time link, and signed in by it', async () => {
    const link = await fixture.haoma.administrators.invite('viewer', cli)
    expect(link).toMatchObject({ purpose: 'first-owner', expiresInS: 900 })
    const browser = openBrowser(fixture.haoma)
    const read = await browser.post('/admin/v1/links/read', { token: link.token })
    expect(read.body).toEqual({ purpose: 'first-owner', role: 'owner', username: null, expiresInS: 900 })

    const { token } = link
    const answer = await browser.enter('/admin/v1/links/claim', { token, username: ' Li.Na ', password })
    expect(answer.body).toMatchObject({ admin: { username: 'li.na', role: 'owner', hasTotp: false } })
    expect((await browser.get('/admin/v1/session')).body.admin.id).toBe(answer.body.admin.id)
    const lines = await fixture.db.audit.list(9)
    const { id } = answer.body.admin
    expect(lines.find(({ action }) => action === 'admin-link.use')).toMatchObject({
      actorId: id,
      actorKind: 'admin',
    })
    expect(lines.find(({ action }) => action === 'admin-link.create')).toMatchObject({ actorKind: 'cli' })
    expect(JSON.stringify(lines)).not.toContain(token)
  })

  it('cannot be made by a link that is used, older than 15 minutes, or nobody’s', async () => {
    const { token: used } = await fixture.haoma.administrators.invite('owner', cli)
    const { token: old } = await fixture.haoma.administrators.invite('owner', cli)
    await fixture.advance(900_000)
    for (const token of [old, 'x'.repeat(43)]) {
      const answer = await claim(fixture.haoma, { token })
      expect(answer).toMatchObject({ status: 410, body: { code: 'LINK_INVALID' } })
      expect((await openBrowser(fixture.haoma).post('/admin/v1/links/read', { token })).status).toBe(410)
    }
    expect(await fixture.db.admins.list()).toEqual([])
    expect((await claim(fixture.haoma, { token: used })).status).toBe(410)
  })

  it('makes every other link to become the first owner worthless', async () => {
    const { token: first } = await fixture.haoma.administrators.invite('owner', cli)
    const { token: second } = await fixture.haoma.administrators.invite('owner', cli)
    expect((await claim(fixture.haoma, { token: first })).status).toBe(200)
    expect((await claim(fixture.haoma, { token: first, username: 'an' })).status).toBe(410)
    expect((await claim(fixture.haoma, { token: second, username: 'an' })).status).toBe(410)
    expect(await fixture.haoma.administrators.invite('viewer', cli)).toMatchObject({ purpose: 'invite' })
  })

  it('needs a name and a long password, and the link is not used up by a mistake', async () => {
    const { token } = await fixture.haoma.administrators.invite('owner', cli)
    for (const wrong of [
      { password: undefined },
      { username: undefined },
      { password: 'short' },
      { username: 'a b' },
    ]) {
      expect((await claim(fixture.haoma, { token, ...wrong })).body.code).toBe('BAD_REQUEST')
    }
    expect((await claim(fixture.haoma, { token })).status).toBe(200)
  })

  it('takes over from the demo, whose administrator has no password', async () => {
    const { token } = (await fixture.haoma.administrators.demoLink(cli)) ?? { token: '' }
    const demo = openBrowser(fixture.haoma)
    const answer = await demo.enter('/admin/v1/links/claim', { token })
    expect(answer.body).toMatchObject({ admin: { username: 'demo', role: 'owner' } })
    const guess = await openBrowser(fixture.haoma).enter('/admin/v1/session', {
      username: 'demo',
      password: 'x',
    })
    expect(guess.body.code).toBe('ADMIN_LOGIN_FAILED')

    const { token: again } = (await fixture.haoma.administrators.demoLink(cli)) ?? { token: '' }
    await joinAs(fixture.haoma, 'owner')
    expect((await demo.get('/admin/v1/session')).status).toBe(401)
    expect((await claim(fixture.haoma, { token: again })).status).toBe(410)
    expect(await fixture.haoma.administrators.demoLink(cli)).toBeUndefined()
  })
})

describe('an invitation', () => {
  let fixture: Fixture
  beforeEach(async () => {
    fixture = await startFixture({ apps: [] })
  })
  afterEach(() => fixture.close())

  it('gives the role it names, once, and no name twice', async () => {
    const { browser: owner } = await joinAs(fixture.haoma, 'owner')
    const { body } = await owner.post('/admin/v1/admins/invite', { role: 'operator' })
    expect(body.expiresInS).toBe(86_400)
    const [, token] = /^\/console\/#\/link\/([\w-]{22})$/.exec(body.path) ?? []
    expect((await claim(fixture.haoma, { token, username: 'OWNER' })).body.code).toBe('NAME_TAKEN')
    expect((await claim(fixture.haoma, { token })).body.admin).toMatchObject({ role: 'operator' })
    expect((await claim(fixture.haoma, { token, username: 'an' })).status).toBe(410)
  })

  it('to reset gives a new password, takes the second factor, and ends every session', async () => {
    const { browser: owner } = await joinAs(fixture.haoma, 'owner')
    const { browser: former, admin } = await joinAs(fixture.haoma, 'operator', 'wang')
    await fixture.db.admins.change(admin.id, { totpSealed: 'lost', recoveryDigests: ['k.1'] })
    const { body } = await owner.post(`/admin/v1/admins/${admin.id}/reset`)
    const token = body.path.split('/').at(-1)
    const read = await former.post('/admin/v1/links/read', { token })
    expect(read.body).toMatchObject({ purpose: 'reset', username: 'wang' })
    expect((await former.get('/admin/v1/session')).status).toBe(200)

    const next = openBrowser(fixture.haoma)
    const entered = await next.enter('/admin/v1/links/claim', { token, password: 'another long one' })
    expect(entered.body.admin).toMatchObject({ id: admin.id, role: 'operator', hasTotp: false })
    expect((await former.get('/admin/v1/session')).status).toBe(401)
    const tries = [password, 'another long one'].map((one) =>
      openBrowser(fixture.haoma).enter('/admin/v1/session', { username: 'wang', password: one }),
    )
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([401, 200])
  })

  it.each([
    ['signed out everywhere', 'DELETE', '/sessions', undefined],
    ['switched off', 'PATCH', '', { isDisabled: true }],
    ['given a new password', 'POST', '/reset', undefined],
  ])('lets nobody in by an invitation of an owner who was %s since', async (_, method, path, sent) => {
    const tokenOf = (made: { body: { path: string } }) => made.body.path.replace('/console/#/link/', '')
    const { browser: owner } = await joinAs(fixture.haoma, 'owner')
    const { browser: robbed, admin } = await joinAs(fixture.haoma, 'owner', 'robbed')
    const byThief = tokenOf(await robbed.send('POST', '/admin/v1/admins/invite', { role: 'owner' }))
    const byOwner = tokenOf(await owner.send('POST', '/admin/v1/admins/invite', { role: 'viewer' }))
    const ended = await owner.send(method, `/admin/v1/admins/${admin.id}${path}`, sent)
    if (path === '/reset') await claim(fixture.haoma, { token: tokenOf(ended) })
    expect((await claim(fixture.haoma, { token: byThief, username: 'thief' })).status).toBe(410)
    expect((await claim(fixture.haoma, { token: byOwner, username: 'friend' })).status).toBe(200)
  })

  it('does not bring back whose account was switched off', async () => {
    const { browser: owner } = await joinAs(fixture.haoma, 'owner')
    const { admin } = await joinAs(fixture.haoma, 'operator', 'wang')
    const link = await fixture.haoma.administrators.resetByName('Wang', cli)
    await owner.send('PATCH', `/admin/v1/admins/${admin.id}`, { isDisabled: true })
    expect((await claim(fixture.haoma, { token: link?.token })).status).toBe(410)
    const later = await fixture.haoma.administrators.resetByName('wang', cli)
    expect((await claim(fixture.haoma, { token: later?.token })).status).toBe(410)
    expect(await fixture.haoma.administrators.resetByName('nobody', cli)).toBeUndefined()
  })
})

const postgres = await postgresUnderTest(15)
const kinds: [string, CreateDatabases | undefined][] = [
  ['SQLite', sqliteUnderTest],
  [`PostgreSQL ${postgres.missing ?? ''}`.trim(), postgres.create],
]

describe.each(kinds)('two processes on %s', (_name, create) => {
  it.skipIf(!create)(
    'let exactly one use a link, and make exactly one first owner of two links',
    async () => {
      if (!create) return
      const underTest = await create()
      const fixture = await startFixture({ apps: [], database: await underTest.open() })
      const { haoma: other } = await fixture.startAnother({ apps: [], database: await underTest.open() })
      const [one, two] = [
        await fixture.haoma.administrators.invite('owner', cli),
        await fixture.haoma.administrators.invite('owner', cli),
      ]
      const answers = await Promise.all(
        [one, two, one, two].map(({ token }, at) =>
          claim(at < 2 ? fixture.haoma : (other as Fixture['haoma']), { token, username: `owner${at}` }),
        ),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410])
      expect(await fixture.db.admins.list()).toHaveLength(1)

      const invitation = await fixture.haoma.administrators.invite('viewer', cli)
      const claims = await Promise.all(
        [fixture.haoma, other as Fixture['haoma'], fixture.haoma, other as Fixture['haoma']].map(
          (haoma, at) => claim(haoma, { token: invitation.token, username: `viewer${at}` }),
        ),
      )
      expect(claims.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410])
      expect(await fixture.db.admins.list()).toHaveLength(2)
      await fixture.close()
      await underTest.dispose()
    },
  )
})
