import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, joinAs } from '../../test/support/admin-client.ts'
import { appid, bearer, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { apps } from '../../test/support/simulated-wechat.ts'

let fixture: Fixture
let owner: Browser
let operator: Browser
let operatorId: string
beforeAll(async () => {
  fixture = await startFixture()
  owner = (await joinAs(fixture.haoma, 'owner')).browser
  const joined = await joinAs(fixture.haoma, 'operator')
  operator = joined.browser
  operatorId = joined.admin.id
})
afterAll(() => fixture.close())

const numbers = Array.from({ length: 90 }, (_, at) => `139000010${String(at + 10)}`)

/** Somebody who has signed in, with a number unless told otherwise. */
const newMember = async ({ withPhone = true, app = appid } = {}) => {
  const number = numbers.pop() ?? ''
  const name = `user-${number}`
  await fixture.wechat.addUser(name, [number])
  const loginCode = await fixture.wechat.loginCode(name, app)
  const phoneCode = withPhone ? await fixture.wechat.phoneCode(name, { appid: app }) : undefined
  const body = { appid: app, loginCode, ...(phoneCode && { phoneCode, client: { guideline: 'v3' } }) }
  const answer = await fixture.post('/v1/login', body)
  const id: string = answer.body.member.id
  const openid = (await fixture.db.members.identitiesOf(id)).find(({ scope }) => scope === app)?.subject ?? ''
  const headers = bearer(answer.body.session.accessToken)
  return { id, name, number, openid, headers, masked: `${number.slice(0, 3)}****${number.slice(-4)}` }
}
const search = async (query: unknown, browser = owner) =>
  (await browser.post('/admin/v1/members/search', query)).body
const found = async (query: unknown) => (await search(query)).items.map(({ id }: { id: string }) => id)
/** The newest line of this action; lines of one millisecond have no order. */
const lastAudit = async (action: string) =>
  (await fixture.db.audit.list(50)).find((entry) => entry.action === action)
const reason = { reason: 'ticket 1024' }

describe('a search for members', () => {
  it('finds one by id, openid, masked number and exact number, and shows no number', async () => {
    const { id, openid, masked, number } = await newMember()
    for (const query of [
      { id },
      { openid },
      { masked },
      { e164: `+86${number}` },
      { openid, state: 'active' },
    ]) {
      expect(await found(query), JSON.stringify(query)).toEqual([id])
    }
    const [entry] = (await search({ id })).items
    expect(entry).toMatchObject({ masked, openids: 1, state: 'active', seenAt: expect.any(String) })
    expect(JSON.stringify(await search({ e164: `+86${number}` }))).not.toContain(number)
    expect(await found({ e164: '+8613700137000' })).toEqual([])
    expect(await found({ openid: 'o-nobody' })).toEqual([])
    expect((await search({ openid, unionid: 'u' })).code).toBe('BAD_REQUEST')
  })

  it('without a query lists the newest first, page by page', async () => {
    const made = [await newMember(), await newMember(), await newMember()].map(({ id }) => id)
    const first = await search({ limit: 2 })
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual([made[2], made[1]])
    const second = await search({ limit: 2, cursor: first.nextCursor })
    expect(second.items[0].id).toBe(made[0])
  })
})

describe('one member', () => {
  it('is shown with identities, consents, sessions and events, the numbers masked', async () => {
    const { id, openid, masked, number } = await newMember()
    const { body } = await owner.get(`/admin/v1/members/${id}`)
    expect(body).toMatchObject({
      id,
      state: 'active',
      phone: { masked, country: 'CN', verifiedBy: 'quick' },
      bindings: [{ masked, appid, guideline: 'v3', unboundAt: null }],
      sessions: [{ appid, way: 'wechat', endedAt: null }],
      merges: [],
    })
    expect(body.identities).toContainEqual(
      expect.objectContaining({ provider: 'wechat-openid', scope: appid, subject: openid }),
    )
    expect(body.events.map(({ type }: { type: string }) => type)).toEqual(['phone.bound', 'member.created'])
    expect(JSON.stringify(body)).not.toContain(number)
    expect((await owner.get('/admin/v1/members/none')).body.code).toBe('MEMBER_NOT_FOUND')
  })

  it('shows the full number for a reason, which is audited first', async () => {
    const { id, number } = await newMember()
    const reveal = (body: unknown) => operator.post(`/admin/v1/members/${id}/reveal`, body)
    expect((await reveal({})).body.code).toBe('BAD_REQUEST')
    expect((await reveal({ reason: '  ' })).body.code).toBe('BAD_REQUEST')
    expect((await lastAudit('number.read'))?.targetId).not.toBe(id)
    expect((await reveal(reason)).body).toEqual({
      e164: `+86${number}`,
      nationalNumber: number,
      countryCallingCode: '86',
    })
    expect(await lastAudit('number.read')).toMatchObject({
      action: 'number.read',
      actorKind: 'admin',
      actorId: operatorId,
      targetId: id,
      ...reason,
      requestId: expect.any(String),
    })
    const { id: without } = await newMember({ withPhone: false })
    expect((await operator.post(`/admin/v1/members/${without}/reveal`, reason)).body.code).toBe('NOT_THERE')
  })

  it('loses its number, is banned and let in again, each with a line in the audit', async () => {
    const { id, headers, name } = await newMember()
    const act = (name: string) => operator.post(`/admin/v1/members/${id}/${name}`, reason)
    expect((await act('unbind')).status).toBe(204)
    expect(await lastAudit('member.unbind')).toMatchObject({
      action: 'member.unbind',
      targetId: id,
      ...reason,
    })
    expect((await fixture.get('/v1/me', headers)).body.member.phone.bound).toBe(false)
    expect((await act('ban')).status).toBe(204)
    expect(await lastAudit('member.ban')).toMatchObject({ action: 'member.ban', targetId: id, ...reason })
    expect((await fixture.get('/v1/me', headers)).status).toBe(401)
    const login = async () => {
      const loginCode = await fixture.wechat.loginCode(name)
      return (await fixture.post('/v1/login', { appid, loginCode })).status
    }
    expect(await login()).toBe(403)
    expect(await found({ id, state: 'banned' })).toEqual([id])
    expect((await act('unban')).status).toBe(204)
    expect(await login()).toBe(200)
    for (const name of ['unbind', 'ban', 'unban', 'reveal', 'export']) {
      const answer = await operator.post(`/admin/v1/members/none/${name}`, reason)
      expect(answer.body.code, name).toBe('MEMBER_NOT_FOUND')
    }
  })

  it('is signed out on one device, and everywhere', async () => {
    const { id, headers, name } = await newMember()
    const loginCode = await fixture.wechat.loginCode(name)
    const again = await fixture.post('/v1/login', { appid, loginCode })
    const other = bearer(again.body.session.accessToken)
    const [newest] = (await owner.get(`/admin/v1/members/${id}`)).body.sessions
    const { id: stranger } = await newMember()
    const end = (path: string) => operator.send('DELETE', `/admin/v1/members/${path}`)
    expect((await end(`${stranger}/sessions/${newest.id}`)).body.code).toBe('NOT_THERE')
    expect((await end(`${id}/sessions/${newest.id}`)).status).toBe(204)
    expect((await fixture.get('/v1/me', other)).status).toBe(401)
    expect((await fixture.get('/v1/me', headers)).status).toBe(200)
    expect((await end(`${id}/sessions`)).status).toBe(204)
    expect((await fixture.get('/v1/me', headers)).status).toBe(401)
    expect(await lastAudit('member.end-sessions')).toMatchObject({
      action: 'member.end-sessions',
      details: { sessions: 1 },
    })
    const ended = (await fixture.db.events.listOf(id)).filter(({ type }) => type === 'session.ended')
    expect(ended.map(({ data }) => data.reason)).toEqual(['ended-by-operator', 'ended-by-operator'])
  })

  it('is exported with its numbers, which is audited, and erased by owners alone', async () => {
    const { id, number } = await newMember()
    const exported = await operator.post(`/admin/v1/members/${id}/export`, reason)
    expect(exported.headers.get('content-disposition')).toBe(`attachment; filename="member-${id}.json"`)
    expect(exported.body).toMatchObject({ number: `+86${number}`, numbers: [{ guideline: 'v3' }] })
    for (const action of ['member.export', 'number.read']) {
      expect(await lastAudit(action)).toMatchObject({ targetId: id, ...reason })
    }
    expect((await operator.post(`/admin/v1/members/${id}/erase`, reason)).body.code).toBe('ADMIN_FORBIDDEN')
    expect((await owner.post(`/admin/v1/members/${id}/erase`, reason)).status).toBe(204)
    expect(await lastAudit('member.erase')).toMatchObject({ action: 'member.erase', targetId: id, ...reason })
    expect((await owner.get(`/admin/v1/members/${id}`)).body).toMatchObject({
      state: 'erased',
      phone: null,
      bindings: [],
    })
  })
})

describe('a merge', () => {
  const preview = async (fromMember: string, intoMember: string) =>
    (await owner.post('/admin/v1/merges/preview', { fromMember, intoMember })).body
  const merge = (fromMember: string, intoMember: string) =>
    operator.post('/admin/v1/merges', { fromMember, intoMember, ...reason })

  it('does what its preview told, and is taken back whole', async () => {
    const [from, into] = [await newMember(), await newMember({ withPhone: false, app: apps.shop.appid })]
    expect(await preview(from.id, into.id)).toEqual({
      isPossible: true,
      problem: null,
      moves: { identities: 1, phone: true, sessions: 1 },
      stays: { masked: from.masked },
    })
    const { body } = await merge(from.id, into.id)
    expect(await lastAudit('member.merge')).toMatchObject({
      action: 'member.merge',
      targetId: into.id,
      ...reason,
    })
    expect((await owner.get(`/admin/v1/members/${into.id}`)).body).toMatchObject({
      phone: { masked: from.masked },
      bindings: [{ masked: from.masked, guideline: 'v3' }],
      merges: [{ id: body.mergeId, reason: 'operator', actor: operatorId }],
    })
    expect((await fixture.get('/v1/me', from.headers)).body.member.id).toBe(into.id)
    expect(await found({ e164: `+86${from.number}` })).toEqual([into.id])

    const undo = () => operator.post(`/admin/v1/merges/${body.mergeId}/undo`, reason)
    expect((await undo()).status).toBe(204)
    expect(await lastAudit('member.unmerge')).toMatchObject({
      action: 'member.unmerge',
      details: { mergeId: body.mergeId },
    })
    expect(await found({ e164: `+86${from.number}` })).toEqual([from.id])
    const { body: stayed } = await owner.get(`/admin/v1/members/${into.id}`)
    expect(stayed.phone).toBeNull()
    expect(stayed.identities).toContainEqual(expect.objectContaining({ subject: into.openid }))
    expect(stayed.identities).not.toContainEqual(expect.objectContaining({ subject: from.openid }))
    expect((await fixture.get('/v1/me', from.headers)).body.member).toMatchObject({
      id: from.id,
      phone: { bound: true },
    })
    expect((await undo()).body.code).toBe('NOT_POSSIBLE_NOW')
    expect((await operator.post('/admin/v1/merges/none/undo', reason)).body.code).toBe('NOT_THERE')
  })

  it('keeps the number of the one who stays', async () => {
    const [from, into] = [await newMember(), await newMember()]
    expect(await preview(from.id, into.id)).toMatchObject({
      moves: { phone: false },
      stays: { masked: into.masked },
    })
    const { body } = await merge(from.id, into.id)
    expect(await found({ e164: `+86${into.number}` })).toEqual([into.id])
    expect(await found({ e164: `+86${from.number}` })).toEqual([])
    await operator.post(`/admin/v1/merges/${body.mergeId}/undo`, reason)
    expect(await found({ e164: `+86${from.number}` })).toEqual([from.id])
    expect(await found({ e164: `+86${into.number}` })).toEqual([into.id])
  })

  it('leaves a number that has moved on since where it is', async () => {
    const [from, into] = [await newMember(), await newMember({ withPhone: false })]
    const { body } = await merge(from.id, into.id)
    await operator.post(`/admin/v1/members/${into.id}/unbind`, reason)
    await operator.post(`/admin/v1/merges/${body.mergeId}/undo`, reason)
    expect((await owner.get(`/admin/v1/members/${into.id}`)).body.phone).toBeNull()
    expect(await found({ e164: `+86${from.number}` })).toEqual([from.id])
  })

  it('is not possible with oneself, with nobody, and with who is not active', async () => {
    const [one, banned] = [await newMember(), await newMember()]
    await operator.post(`/admin/v1/members/${banned.id}/ban`, reason)
    for (const [from, into] of [
      [one.id, one.id],
      [one.id, 'none'],
      ['none', one.id],
      [banned.id, one.id],
      [one.id, banned.id],
    ] as const) {
      const { isPossible, problem } = await preview(from, into)
      expect(isPossible).toBe(false)
      const answer = await merge(from, into)
      expect(answer.body).toMatchObject({ code: 'NOT_POSSIBLE_NOW', texts: problem })
    }
  })

  it('ends in one merge when two make it at once, in both directions', async () => {
    const [a, b] = [await newMember(), await newMember()]
    const answers = await Promise.all([merge(a.id, b.id), merge(b.id, a.id), merge(a.id, b.id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })
})
