import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { basic, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { apps } from '../../test/support/simulated-wechat.ts'
import { HaomaError } from '../kernel/errors.ts'

const { shop, club, single } = apps

let fixture: Fixture
let other: Awaited<ReturnType<Fixture['startAnother']>>
beforeAll(async () => {
  // Only one of WeChat's apps is in the environment.
  fixture = await startFixture({ apps: [single] })
  other = await fixture.startAnother()
})
afterAll(() => fixture.close())
beforeEach(() => fixture.advance(5000))

const signIn = async (process: Pick<Fixture, 'post'>, appid: string, user = '李雷') =>
  process.post('/v1/login', { appid, loginCode: await fixture.wechat.loginCode(user, appid) })
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof HaomaError ? error.code : String(error)),
  )

describe('an app of the database', () => {
  it('lets its users in at once, in a process that has not heard of it', async () => {
    expect((await signIn(other, shop.appid)).body.code).toBe('UNKNOWN_APP')
    const app = await fixture.haoma.apps.add({ ...shop, name: '商城' })
    expect(app).toMatchObject({ name: '商城', source: 'database', secretFrom: 'database', isEnabled: true })
    expect((await signIn(other, shop.appid)).status).toBe(200)
    expect((await signIn(fixture, shop.appid)).status).toBe(200)
  })

  it('keeps its secret from the database, the audit and every view', async () => {
    const stored = await fixture.db.apps.list()
    const audit = await fixture.db.audit.list(100)
    expect(stored.map(({ appid }) => appid)).toContain(shop.appid)
    expect(audit.map(({ action }) => action)).toContain('app.add')
    const seen = JSON.stringify([stored, audit, fixture.haoma.apps.list()])
    expect(seen).not.toContain(shop.appSecret)
  })

  it('is known once: neither twice in the database nor beside the environment', async () => {
    expect(await codeOf(fixture.haoma.apps.add({ ...shop, name: 'x' }))).toBe('NAME_TAKEN')
    expect(await codeOf(other.haoma.apps.add({ ...single, name: 'x' }))).toBe('NAME_TAKEN')
  })

  it('lets nobody in within 5 seconds after it was switched off, in any process, and again when it is on', async () => {
    await fixture.haoma.apps.change(shop.appid, { isEnabled: false })
    expect((await signIn(fixture, shop.appid)).body.code).toBe('UNKNOWN_APP')
    await fixture.advance(5000)
    expect((await signIn(other, shop.appid)).body.code).toBe('UNKNOWN_APP')
    await fixture.haoma.apps.change(shop.appid, { isEnabled: true })
    await fixture.advance(5000)
    expect((await signIn(other, shop.appid)).status).toBe(200)
  })

  it('goes on with a changed secret, in every process', async () => {
    await fixture.haoma.apps.change(shop.appid, { appSecret: 'f'.repeat(32) })
    expect((await signIn(fixture, shop.appid)).body.code).toBe('WECHAT_MISCONFIGURED')
    await fixture.advance(5000)
    expect((await signIn(other, shop.appid)).body.code).toBe('WECHAT_MISCONFIGURED')
    await other.haoma.apps.change(shop.appid, { appSecret: shop.appSecret })
    expect((await signIn(other, shop.appid)).status).toBe(200)
    await fixture.advance(5000)
    expect((await signIn(fixture, shop.appid)).status).toBe(200)
  })

  it('has rules of its own, which replace the ones before', async () => {
    const rules = { knownMembersOnly: true, session: { accessTtlS: 120 } }
    await fixture.haoma.apps.change(shop.appid, { settings: rules })
    await fixture.advance(5000)
    expect((await signIn(other, shop.appid, '韩梅梅')).body.code).toBe('MEMBER_UNKNOWN')
    const known = await signIn(other, shop.appid)
    expect(known.status).toBe(200)
    expect(known.body.session.expiresInS).toBeLessThanOrEqual(120)
    await fixture.haoma.apps.change(shop.appid, { settings: {} })
    expect((await signIn(fixture, shop.appid, '韩梅梅')).status).toBe(200)
  })

  it('serves back ends too: their exchanges and the central token', async () => {
    const client = await fixture.haoma.clients.create({ name: '商城', scopes: ['exchange', 'token'] })
    const asked = await other.post(
      '/v1/openid',
      { appid: shop.appid, loginCode: await fixture.wechat.loginCode('李雷', shop.appid) },
      basic(client),
    )
    expect(asked.status, JSON.stringify(asked.body)).toBe(200)
    const token = await other.post(`/v1/apps/${shop.appid}/access-token`, {}, basic(client))
    expect(token.body).toMatchObject({ accessToken: expect.any(String) })
  })
})

describe('an app that WeChat does not know', () => {
  it('needs no secret, takes none, and has no WeChat login', async () => {
    const h5 = { appid: 'shop-h5', kind: 'h5', name: '商城 H5' } as const
    expect(await codeOf(fixture.haoma.apps.add({ ...h5, appSecret: club.appSecret }))).toBe('BAD_REQUEST')
    await fixture.haoma.apps.add(h5)
    const answer = await fixture.post('/v1/login', {
      appid: 'shop-h5',
      loginCode: await fixture.wechat.loginCode('李雷'),
    })
    expect(answer.body.code).toBe('UNKNOWN_APP')
    const events = { batchId: 'b-12345678', appid: 'shop-h5', events: [{ event: 'shown', agoMs: 1 }] }
    expect((await fixture.post('/v1/events', events)).status).toBe(202)
  })
})

describe('an app of the environment', () => {
  it('keeps the secret that stands there, says so, and takes everything else from the database', async () => {
    expect(await codeOf(fixture.haoma.apps.change(single.appid, { appSecret: 'f'.repeat(32) }))).toBe(
      'NOT_POSSIBLE_NOW',
    )
    const changed = await fixture.haoma.apps.change(single.appid, { settings: { rejoinAfterDays: 7 } })
    expect(changed).toMatchObject({
      source: 'both',
      secretFrom: 'environment',
      policy: { rejoinAfterDays: 7 },
    })
    expect((await signIn(other, single.appid)).status).toBe(200)
    await other.haoma.apps.change(single.appid, { isEnabled: false })
    expect((await signIn(other, single.appid)).body.code).toBe('UNKNOWN_APP')
    await other.haoma.apps.change(single.appid, { isEnabled: true })
    expect((await signIn(other, single.appid)).status).toBe(200)
  })
})

it('names what is wrong with an app, and stores nothing of it', async () => {
  const before = await fixture.db.apps.list()
  const club2 = { ...club, name: 'x' }
  for (const bad of [
    { ...club2, appSecret: undefined },
    { ...club2, appSecret: 'short' },
    { ...club2, appid: club.appSecret },
    { ...club2, kind: 'h5' as const, appSecret: undefined },
    { ...club2, settings: { rejoinAfterDays: 0 } },
    { ...club2, settings: { unheardOf: 1 } as object },
  ]) {
    expect(await codeOf(fixture.haoma.apps.add(bad)), JSON.stringify(bad)).toBe('BAD_REQUEST')
  }
  expect(await fixture.db.apps.list()).toEqual(before)
})

it('goes on with the apps that it knows while the database cannot be read', async () => {
  let isAway = false
  const process = await fixture.startAnother({
    wrapDatabase: (db) => ({
      ...db,
      apps: { ...db.apps, list: () => (isAway ? Promise.reject(new Error('away')) : db.apps.list()) },
    }),
  })
  expect((await signIn(process, single.appid)).status).toBe(200)
  isAway = true
  await fixture.advance(5000)
  expect((await signIn(process, single.appid)).status).toBe(200)
})
