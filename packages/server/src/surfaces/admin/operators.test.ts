import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedInAs } from '../../../test/support/admin-client.ts'
import { type Answer, basic, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { type Receiver, startReceiver } from '../../../test/support/receiver.ts'
import { apps } from '../../../test/support/simulated-wechat.ts'

const { single, shop, club } = apps

let fixture: Fixture
let receiver: Receiver
let asOperator: Record<string, string>
let asOwner: Record<string, string>
beforeAll(async () => {
  receiver = await startReceiver()
  fixture = await startFixture({ apps: [single], webhooks: { allowedNetworks: ['127.0.0.0/8'] } })
  asOperator = (await signedInAs(fixture, 'operator')).headers
  asOwner = (await signedInAs(fixture, 'owner')).headers
})
afterAll(async () => {
  await fixture.close()
  await receiver.close()
})

const call = (method: string, path: string, body?: object, headers = asOperator): Promise<Answer> =>
  fixture.send(method, `/admin/v1${path}`, {
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
/** The newest line of the audit of this action. */
const audited = async (action: string) =>
  (await fixture.db.audit.list(500)).find((entry) => entry.action === action)
const stateOf = (items: { name: string; state: string }[], name: string) =>
  items.find((item) => item.name === name)?.state

describe('apps', () => {
  it('are added and checked at once, and never tell their secret', async () => {
    const added = await call('POST', '/apps', { ...shop, name: '商城' })
    expect(added.status, JSON.stringify(added.body)).toBe(201)
    expect(added.body.app).toMatchObject({ appid: shop.appid, source: 'database', hasSecret: true })
    expect(added.body.check).toMatchObject({ isOk: true })
    expect(JSON.stringify([added.body, (await call('GET', '/apps')).body])).not.toContain(shop.appSecret)
    expect(await audited('app.add')).toMatchObject({ actorKind: 'admin', targetId: shop.appid })
    const login = { appid: shop.appid, loginCode: await fixture.wechat.loginCode('李雷', shop.appid) }
    expect((await fixture.post('/v1/login', login)).status).toBe(200)
  })

  it('stay added when the check finds a wrong secret, which can be mended', async () => {
    const added = await call('POST', '/apps', { appid: club.appid, appSecret: 'f'.repeat(32), name: 'x' })
    expect(added.status).toBe(201)
    expect(added.body.check).toMatchObject({ isOk: false })
    expect(stateOf(added.body.check.items, 'secret')).toBe('failed')
    const mended = await call('PATCH', `/apps/${club.appid}`, { appSecret: club.appSecret })
    expect(mended.body.check).toMatchObject({ isOk: true })
    expect((await call('PATCH', `/apps/${club.appid}`, { name: '会员' })).body.check).toBeNull()
  })

  it('of the environment keep its secret, and say so', async () => {
    const answer = await call('PATCH', `/apps/${single.appid}`, { appSecret: 'f'.repeat(32) })
    expect(answer).toMatchObject({ status: 409, body: { code: 'NOT_POSSIBLE_NOW' } })
    expect(answer.body.detail).toContain('HAOMA_APPS')
    const shown = await call('GET', `/apps/${single.appid}`)
    expect(shown.body).toMatchObject({ secretFrom: 'environment', source: 'environment' })
  })

  it('that make no sense, are known already or are not there are refused by name', async () => {
    expect((await call('POST', '/apps', { ...shop, name: 'x' })).body.code).toBe('NAME_TAKEN')
    const bad = await call('PATCH', `/apps/${shop.appid}`, { settings: { rejoinAfterDays: 0 } })
    expect(bad).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
    for (const [method, path] of [
      ['GET', '/apps/nobody'],
      ['PATCH', '/apps/nobody'],
      ['POST', '/apps/nobody/check'],
      ['GET', '/apps/nobody/token'],
    ] as const) {
      const answer = await call(method, path, method === 'GET' ? undefined : {})
      expect(answer.body.code, path).toBe('NOT_THERE')
    }
  })

  it('show the state of their token and its history, never the token', async () => {
    const client = await fixture.haoma.clients.create({ name: 'x', scopes: ['token'] })
    const { body } = await fixture.post(`/v1/apps/${single.appid}/access-token`, {}, basic(client))
    const state = await call('GET', `/apps/${single.appid}/token`)
    expect(state.body).toMatchObject({ state: 'warm', forcedToday: 0, forceAllowedInS: 0, lastError: null })
    expect(state.body.expiresInS).toBeGreaterThan(state.body.refreshesInS)
    expect(state.body.history[0]).toMatchObject({ event: 'fetched', expiresInS: expect.any(Number) })
    expect(JSON.stringify(state.body)).not.toContain(body.accessToken)
  })

  it('get another token by force from owners only, twenty times a day and half a minute apart', async () => {
    const path = `/apps/${single.appid}/token/refresh`
    const body = { confirmAppid: single.appid, reason: '泄露' }
    expect((await call('POST', path, body)).body.code).toBe('ADMIN_FORBIDDEN')
    expect((await call('POST', path, { ...body, confirmAppid: shop.appid }, asOwner)).body.code).toBe(
      'BAD_REQUEST',
    )
    const client = await fixture.haoma.clients.create({ name: 'x', scopes: ['token'] })
    const tokenOf = async (process: Pick<Fixture, 'post'>) =>
      (await process.post(`/v1/apps/${single.appid}/access-token`, {}, basic(client))).body.accessToken
    const before = await tokenOf(fixture)
    const forced = await call('POST', path, body, asOwner)
    expect(forced.body, JSON.stringify(forced.body)).toMatchObject({ state: 'warm', forcedToday: 1 })
    expect(forced.body.forceAllowedInS).toBeGreaterThan(20)
    expect(await tokenOf(fixture)).not.toBe(before)
    expect(await audited('app.token-force')).toMatchObject({ reason: '泄露', targetId: single.appid })

    const other = await fixture.startAnother()
    const soon = await other.send('POST', `/admin/v1${path}`, {
      headers: { 'content-type': 'application/json', ...asOwner },
      body: JSON.stringify(body),
    })
    expect(soon.body).toMatchObject({ code: 'NOT_POSSIBLE_NOW', retryAfterS: expect.any(Number) })
    for (let count = 1; count < 20; count += 1) {
      await fixture.db.tokenEvents.add({
        ...{ id: `f${count}`, appid: single.appid, atMs: Date.now() - count * 60_000, kind: 'forced' },
        ...{ expiresInS: null, errcode: null, rid: null, actor: null },
      })
    }
    await fixture.advance(31_000)
    const spent = await call('POST', path, body, asOwner)
    expect(spent.body.code).toBe('NOT_POSSIBLE_NOW')
    expect(spent.body.retryAfterS).toBeGreaterThan(3600)
  })
})

describe('clients', () => {
  it('are made, changed, given a new secret and revoked', async () => {
    const made = await call('POST', '/clients', { name: '商城', scopes: ['introspect'] })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    const { clientId: id } = made.body
    const introspect = (credentials: { clientId: string; clientSecret: string }) =>
      fixture.post('/v1/introspect', { token: 'x' }, basic(credentials))
    expect((await introspect(made.body)).status).toBe(200)

    const changed = await call('PATCH', `/clients/${id}`, { scopes: ['token'], appids: [single.appid] })
    expect(changed.body).toMatchObject({ id, scopes: ['token'], appids: [single.appid], limits: null })
    await fixture.advance(5000)
    expect((await introspect(made.body)).body.code).toBe('SCOPE_MISSING')

    const rotated = await call('POST', `/clients/${id}/rotate`, { overlapS: 0 })
    await fixture.advance(5000)
    expect((await introspect(made.body)).body.code).toBe('CLIENT_REQUIRED')
    expect((await introspect(rotated.body)).body.code).toBe('SCOPE_MISSING')
    expect((await call('DELETE', `/clients/${id}`)).status).toBe(204)
    await fixture.advance(5000)
    expect((await introspect(rotated.body)).body.code).toBe('CLIENT_REQUIRED')
    const listed = (await call('GET', '/clients')).body
    expect(JSON.stringify(listed)).not.toContain(rotated.body.clientSecret)
    expect(listed.clients.find((one: { id: string }) => one.id === id).revokedAt).not.toBeNull()
    for (const action of ['create', 'change', 'rotate', 'revoke']) {
      expect(await audited(`client.${action}`), action).toMatchObject({ actorKind: 'admin', targetId: id })
    }
  })

  it('are held to their own limit, each for itself, whatever they ask for', async () => {
    const make = async (limits?: object) =>
      (await call('POST', '/clients', { name: 'x', scopes: ['introspect', 'token'], limits })).body
    const [narrow, wide] = [await make({ perMinute: 3 }), await make()]
    const ask = (credentials: { clientId: string; clientSecret: string }) =>
      fixture.post('/v1/introspect', { token: 'x' }, basic(credentials))
    const token = `/v1/apps/${single.appid}/access-token`
    expect((await fixture.post(token, {}, basic(narrow))).status).toBe(200)
    const statuses = []
    for (let count = 0; count < 3; count += 1) statuses.push((await ask(narrow)).status)
    expect(statuses).toEqual([200, 200, 429])
    expect((await ask(narrow)).body.retryAfterS).toBeGreaterThan(0)
    expect((await ask(wide)).status).toBe(200)
  })

  it('that make no sense are refused with what is wrong', async () => {
    const answer = await call('POST', '/clients', {
      name: 'x',
      scopes: ['gateway'],
      gatewayPaths: ['nonsense'],
    })
    expect(answer).toMatchObject({
      status: 400,
      body: { issues: [{ message: expect.stringContaining('/wxa/') }] },
    })
    for (const [method, path] of [
      ['PATCH', '/clients/none'],
      ['POST', '/clients/none/rotate'],
      ['DELETE', '/clients/none'],
    ] as const) {
      const body = method === 'DELETE' ? undefined : {}
      expect((await call(method, path, body)).body.code, path).toBe('NOT_THERE')
    }
  })
})

describe('webhooks', () => {
  const deliver = async () => {
    const login = { appid: single.appid, loginCode: await fixture.wechat.loginCode('韩梅梅') }
    await fixture.post('/v1/login', login)
    await fixture.haoma.housekeep()
  }

  it('are made, tested, switched off and on, and their deliveries are shown and sent again', async () => {
    const made = await call('POST', '/webhooks', { url: receiver.url, events: ['member.*'] })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    expect(made.body.secret).toMatch(/^whsec_/)
    const { id } = made.body
    expect((await call('POST', `/webhooks/${id}/test`, {})).body).toMatchObject({
      isDelivered: true,
      status: 200,
    })

    await deliver()
    const [delivery] = (await call('GET', `/deliveries?endpointId=${id}`)).body.items
    expect(delivery).toMatchObject({ type: 'member.created', state: 'delivered', attempts: 1 })
    const detail = (await call('GET', `/deliveries/${delivery.id}`)).body
    expect(detail.attempts).toMatchObject([{ status: 200, error: null }])
    expect((await call('POST', `/deliveries/${delivery.id}/replay`, {})).body.isDelivered).toBe(true)
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids.filter((one) => one === delivery.eventId)).toHaveLength(2)

    const { endpoints, eventTypes } = (await call('GET', '/webhooks')).body
    expect(endpoints).toMatchObject([{ id, delivered: 1, dead: 0, pending: 0 }])
    expect(eventTypes).toContain('phone.bound')
    expect(JSON.stringify(endpoints)).not.toContain(made.body.secret)

    expect(
      (await call('PATCH', `/webhooks/${id}`, { isEnabled: false, description: 'x' })).body,
    ).toMatchObject({
      isEnabled: false,
      description: 'x',
      disabledReason: 'by-hand',
    })
    expect((await call('POST', `/webhooks/${id}/rotate`, {})).body.secret).not.toBe(made.body.secret)
    for (const action of ['create', 'test', 'replay', 'update', 'disable', 'rotate']) {
      expect(await audited(`webhook.${action}`), action).toMatchObject({ actorKind: 'admin' })
    }
  })

  it('pages deliveries, newest first, each once', async () => {
    const { id } = (await call('POST', '/webhooks', { url: receiver.url, events: ['*'] })).body
    for (let count = 0; count < 5; count += 1) {
      await fixture.wechat.addUser(`顾客${count}`, [])
      const loginCode = await fixture.wechat.loginCode(`顾客${count}`)
      await fixture.post('/v1/login', { appid: single.appid, loginCode })
    }
    await fixture.haoma.housekeep()
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await call('GET', `/deliveries?endpointId=${id}&limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.body.items.map((item: { id: string }) => item.id))
      cursor = page.body.nextCursor ?? ''
    } while (cursor)
    expect(seen).toEqual([...new Set(seen)].sort().reverse())
    expect(seen.length).toBeGreaterThanOrEqual(5)
  })

  it('are taken away with everything that waits for them', async () => {
    const { id } = (await call('POST', '/webhooks', { url: receiver.url, events: ['*'] })).body
    await call('PATCH', `/webhooks/${id}`, { isEnabled: false })
    await fixture.wechat.addUser('最后', [])
    const loginCode = await fixture.wechat.loginCode('最后')
    await fixture.post('/v1/login', { appid: single.appid, loginCode })
    await fixture.haoma.housekeep()
    expect((await call('GET', `/deliveries?endpointId=${id}&state=held`)).body.items).toHaveLength(1)
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(204)
    expect((await call('GET', `/deliveries?endpointId=${id}`)).body.items).toEqual([])
    expect((await call('DELETE', `/webhooks/${id}`)).body.code).toBe('NOT_THERE')
    expect(await audited('webhook.remove')).toMatchObject({ targetId: id })
  })
})

describe('keys', () => {
  it('are shown without any key, and rotated and revoked by owners', async () => {
    const shown = (await call('GET', '/keys')).body
    expect(shown).toMatchObject({
      signingKeys: [{ state: 'signing' }],
      indexKeys: [{ state: 'writing' }],
      masterKey: { oldKeys: 0 },
      rekey: { isNeeded: false, left: 0 },
    })
    expect(shown.masterKey.fingerprint).toBe(shown.indexKeys[0].id)
    expect((await call('POST', '/keys/rotate', {})).body.code).toBe('ADMIN_FORBIDDEN')
    const next = (await call('POST', '/keys/rotate', {}, asOwner)).body
    expect(next).toMatchObject({ state: 'next' })
    const [{ kid }] = shown.signingKeys
    expect((await call('POST', `/keys/${kid}/revoke`, {}, asOwner)).body).toMatchObject({ state: 'revoked' })
    expect((await call('POST', '/keys/none/revoke', {}, asOwner)).body.code).toBe('NOT_THERE')
    expect((await call('GET', '/keys')).body.signingKeys).toMatchObject([
      { kid: next.kid, state: 'signing' },
      { kid, state: 'revoked' },
    ])
    expect(await audited('signing-key.rotate')).toMatchObject({ targetId: next.kid, actorKind: 'admin' })
    expect(await audited('signing-key.revoke')).toMatchObject({ targetId: kid })
  })
})

describe('jobs', () => {
  it('are shown with how they went, and run now', async () => {
    const before = (await call('POST', '/jobs/retention/run', {})).body
    expect(before).toMatchObject({ name: 'retention', state: 'waiting', failures: 0, lastError: null })
    const { jobs } = (await call('GET', '/jobs')).body
    expect(jobs.map(({ name }: { name: string }) => name)).toContain('access-tokens')
    const after = (await call('POST', '/jobs/retention/run', {})).body
    expect(after.runs).toBe(before.runs + 1)
    expect(await audited('job.run')).toMatchObject({ targetId: 'retention' })
    expect((await call('POST', '/jobs/none/run', {})).body.code).toBe('NOT_THERE')
  })

  it('that fail say why', async () => {
    const nobody = { appid: 'wx0000000000000001', appSecret: 'f'.repeat(32), name: 'x' }
    await call('POST', '/apps', nobody)
    const run = (await call('POST', '/jobs/access-tokens/run', {})).body
    expect(run).toMatchObject({ state: 'failing', failures: 1, lastError: expect.any(String) })
    const token = (await call('GET', `/apps/${nobody.appid}/token`)).body
    expect(token).toMatchObject({ state: 'failing', lastError: { text: { zh: expect.any(String) } } })
    expect(token.history).toMatchObject([{ event: 'failed', errcode: token.lastError.errcode }])
  })
})
