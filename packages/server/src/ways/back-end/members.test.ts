import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgresUnderTest } from '../../../test/support/databases-under-test.ts'
import {
  type Answer,
  appid,
  basic,
  bearer,
  type Fixture,
  startFixture,
} from '../../../test/support/fixture.ts'
import { apps } from '../../../test/support/simulated-wechat.ts'
import type { DatabaseUnderTest } from '../../stores/conformance/databases.ts'
import type { Database } from '../../stores/database.ts'
import type { ClientScope } from '../../tokens/scopes.ts'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(() => fixture.close())

const as = async (scopes: readonly ClientScope[], appids?: string[]) =>
  basic(await fixture.haoma.clients.create({ name: 'shop', scopes, appids }))
const login = async (user = '李雷', withPhone = true) => {
  const body = {
    appid,
    loginCode: await fixture.wechat.loginCode(user),
    ...(withPhone && { phoneCode: await fixture.wechat.phoneCode(user) }),
  }
  return (await fixture.post('/v1/login', body)).body
}
/** What the members room will write in the transaction of the change itself. */
const tell = (db: Database, id: string, memberId: string) =>
  db.events.add({ id, type: 'phone.bound', appid, memberId, data: {}, createdAtMs: Date.now() })
const auditOf = async () => {
  const rows = (await fixture.db.audit.list(100)).filter(({ action }) => action === 'number.read')
  return rows.map(({ actorId, action, targetId, reason }) => ({ actorId, action, targetId, reason }))
}

describe('a member, to a back end', () => {
  it('has a masked number without phone:read, whatever reason is given', async () => {
    const { member } = await login()
    const answer = await fixture.get(`/v1/members/${member.id}?reason=courier`, await as(['member:read']))
    expect(answer.body).toMatchObject({
      id: member.id,
      state: 'active',
      mergedInto: null,
      identities: [{ provider: 'wechat-openid', scope: appid, subject: expect.stringMatching(/^o/) }],
      phone: { e164: null, nationalNumber: null, masked: '135****6666', verifiedBy: 'quick' },
    })
    expect(JSON.stringify(answer.body)).not.toContain('13580006666')
    expect(await auditOf()).toEqual([])
  })

  it('has its full number with phone:read and a reason, which is in the audit', async () => {
    const { member } = await login()
    const client = await fixture.haoma.clients.create({ name: 'shop', scopes: ['member:read', 'phone:read'] })
    const answer = await fixture.get(`/v1/members/${member.id}?reason=courier`, basic(client))
    expect(answer.body.phone).toMatchObject({
      e164: '+8613580006666',
      nationalNumber: '13580006666',
      countryCallingCode: '86',
    })
    expect(await auditOf()).toEqual([
      { actorId: client.clientId, action: 'number.read', targetId: member.id, reason: 'courier' },
    ])
    expect(fixture.log()).not.toContain('13580006666')
    expect(await fixture.get(`/v1/members/${member.id}`, basic(client))).toMatchObject({
      status: 422,
      body: { code: 'REASON_REQUIRED' },
    })
  })

  it('is found by openid and by number, in the body of a POST', async () => {
    const { member } = await login()
    const headers = await as(['member:read'])
    const { body } = await fixture.get(`/v1/members/${member.id}`, headers)
    const openid = body.identities[0].subject
    for (const query of [{ appid, openid }, { e164: '+8613580006666' }]) {
      expect((await fixture.post('/v1/members/lookup', query, headers)).body).toEqual(body)
    }
    for (const query of [{ appid: apps.shop.appid, openid }, { e164: '+8613580006667' }, { unionid: 'u1' }]) {
      expect(await fixture.post('/v1/members/lookup', query, headers)).toMatchObject({
        status: 404,
        body: { code: 'MEMBER_NOT_FOUND' },
      })
    }
    expect((await fixture.post('/v1/members/lookup', { openid }, headers)).body.code).toBe('BAD_REQUEST')
    expect((await fixture.get('/v1/members/nobody', headers)).status).toBe(404)
  })

  it('comes with others by many ids, in their order, without those that are unknown', async () => {
    const [a, b] = [(await login('李雷')).member.id, (await login('韩梅梅')).member.id]
    const client = await fixture.haoma.clients.create({ name: 'shop', scopes: ['member:read', 'phone:read'] })
    const { body } = await fixture.post(
      '/v1/members/batch',
      { ids: [b, 'x', a], reason: 'sms' },
      basic(client),
    )
    expect(body.members.map(({ id }: { id: string }) => id)).toEqual([b, a])
    expect((await auditOf()).map(({ targetId }) => targetId).sort()).toEqual([a, b].sort())
  })
})

describe('the changes of members', () => {
  const page = (headers: Record<string, string>, cursor?: string, limit = 2): Promise<Answer> =>
    fixture.get(`/v1/members?limit=${limit}${cursor === undefined ? '' : `&cursor=${cursor}`}`, headers)

  it('come page by page, each member once, and go on from the last cursor', async () => {
    const headers = await as(['member:read'])
    const ids = []
    for (const user of ['李雷', '韩梅梅']) ids.push((await login(user)).member.id)
    await Promise.all(ids.map((id, i) => tell(fixture.db, `more-${i}`, id)))
    const seen: string[] = []
    let cursor: string | undefined
    for (let turn = 0; turn < 10; turn += 1) {
      const { body } = await page(headers, cursor, 1)
      seen.push(...body.members.map(({ id }: { id: string }) => id))
      cursor = body.nextCursor
      if (!body.hasMore) break
    }
    expect([...seen].sort()).toEqual([...ids].sort())
    expect((await page(headers, cursor)).body).toEqual({ members: [], nextCursor: cursor, hasMore: false })
    await tell(fixture.db, 'later', ids[0] ?? '')
    expect((await page(headers, cursor)).body.members).toMatchObject([{ id: ids[0] }])
  })

  it.each(['x', 'YzEuLTE', Buffer.from('c1.01').toString('base64url'), 'c1.5'])(
    'refuse the cursor %j, which is none of ours',
    async (cursor) => {
      expect(await page(await as(['member:read']), cursor)).toMatchObject({
        status: 400,
        body: { code: 'CURSOR_INVALID' },
      })
    },
  )
})

describe('POST /v1/introspect', () => {
  const introspect = (token: string, headers: Record<string, string>) =>
    fixture.post('/v1/introspect', { token }, headers)

  it('tells whose session a token is, from a form as from JSON', async () => {
    const { member, session } = await login()
    const headers = await as(['introspect'])
    const json = await introspect(session.accessToken, headers)
    expect(json.body).toEqual({
      active: true,
      sub: member.id,
      sid: expect.any(String),
      aud: appid,
      iss: 'haoma',
      exp: expect.any(Number),
      iat: expect.any(Number),
      client_id: appid,
      phone_number_verified: true,
      phone_number_verified_at: member.phone.verifiedAt,
    })
    const form = await fixture.send('POST', '/v1/introspect', {
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: session.accessToken, token_type_hint: 'access_token' }),
    })
    expect(form.body).toEqual(json.body)
  })

  it('gives the number with phone:read, and audits that once an hour', async () => {
    const { member, session } = await login()
    const client = await fixture.haoma.clients.create({ name: 'shop', scopes: ['introspect', 'phone:read'] })
    for (let i = 0; i < 3; i += 1) {
      expect((await introspect(session.accessToken, basic(client))).body.phone_number).toBe('+8613580006666')
    }
    expect(await auditOf()).toEqual([
      { actorId: client.clientId, action: 'number.read', targetId: member.id, reason: 'introspection' },
    ])
  })

  it('says only that it is not active of a token that is unknown, ended, expired or of another app', async () => {
    const { session } = await login()
    const headers = await as(['introspect'])
    const inactive = { status: 200, body: { active: false } }
    expect(await introspect('nonsense', headers)).toMatchObject(inactive)
    expect(await introspect(`${session.accessToken}x`, headers)).toMatchObject(inactive)
    expect(await introspect(session.refreshToken, headers)).toMatchObject(inactive)
    const others = await as(['introspect'], [apps.shop.appid])
    expect(await introspect(session.accessToken, others)).toEqual(
      expect.objectContaining({ body: { active: false } }),
    )
    await fixture.send('DELETE', '/v1/session', { headers: bearer(session.accessToken) })
    expect((await introspect(session.accessToken, headers)).body).toEqual({ active: false })
  })

  it('says what is missing when there is no token', async () => {
    const headers = await as(['introspect'])
    expect((await fixture.post('/v1/introspect', {}, headers)).body.code).toBe('BAD_REQUEST')
  })
})

const { create, missing } = await postgresUnderTest(15)
describe.skipIf(create === undefined)(`the changes of members on PostgreSQL ${missing ?? ''}`.trim(), () => {
  let underTest: DatabaseUnderTest
  let db: Database
  let other: Database
  beforeEach(async () => {
    if (!create) return
    underTest = await create()
    ;[db, other] = [await underTest.open(), await underTest.open()]
  })
  afterEach(async () => {
    await Promise.all([db.close(), other.close()])
    await underTest.dispose()
  })

  it('miss no row of a writer who is held open while others commit and readers page on', async () => {
    for (const id of ['m1', 'm2', 'm3']) await db.members.create({ id, createdAtMs: 1 })
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let hasWritten = () => {}
    const written = new Promise<void>((resolve) => {
      hasWritten = resolve
    })
    const slow = other.transaction(async (stores) => {
      await stores.events.add({
        id: 'slow',
        type: 'phone.bound',
        appid,
        memberId: 'm1',
        data: {},
        createdAtMs: 1,
      })
      hasWritten()
      await held
    })
    await written
    const seen: string[] = []
    let position = 0
    const readOn = async () => {
      await db.transaction(({ events }) => events.place(100))
      for (const row of await db.memberFeed.changedAfter(position, 100)) {
        seen.push(row.id)
        position = row.position
      }
    }
    await tell(db, 'fast-1', 'm2')
    await readOn()
    await tell(db, 'fast-2', 'm3')
    await readOn()
    expect(seen).toEqual(['m2', 'm3'])
    release()
    await slow
    await readOn()
    expect(seen).toEqual(['m2', 'm3', 'm1'])
  })
})
