import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, bearer, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { apps } from '../../test/support/simulated-wechat.ts'

const { appid } = apps.single
const [mine, theirs] = ['13711110001', '13711110002']
const MINUTE_MS = 60_000

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture({ session: { accessTtlS: 3600 } })
})
afterAll(() => fixture.close())

/** Two members who both have a number; the first taps with the number of the second. */
let count = 0
let [me, other] = ['', '']
beforeEach(async () => {
  count += 1
  ;[me, other] = [`我${count}`, `他${count}`]
  await fixture.wechat.addUser(me, [numberOf(mine)])
  await fixture.wechat.addUser(other, [numberOf(theirs)])
})
const numberOf = (base: string) => `${base.slice(0, 5)}${String(count).padStart(2, '0')}${base.slice(7)}`

const login = async (who: string, { deviceId, number }: { deviceId?: string; number?: string } = {}) =>
  fixture.post('/v1/login', {
    appid,
    loginCode: await fixture.wechat.loginCode(who),
    phoneCode: await fixture.wechat.phoneCode(who, number === undefined ? {} : { number }),
    client: { deviceId },
  })
const silently = async (who: string, deviceId?: string) =>
  fixture.post('/v1/login', { appid, loginCode: await fixture.wechat.loginCode(who), client: { deviceId } })
const merge = (session: { accessToken: string }, body: object) =>
  fixture.post('/v1/identity/merge', body, bearer(session.accessToken))
const bind = async (session: { accessToken: string }, component: string) =>
  fixture.post(
    '/v1/phone',
    { phoneCode: await fixture.wechat.phoneCode(me, { component, number: numberOf(theirs) }), component },
    bearer(session.accessToken),
  )
const idOf = ({ body }: Answer): string => body.member.id
const eventsOf = async (id: string) => (await fixture.db.events.listOf(id)).map(({ type }) => type)

/** The conflict, as a login answers it. */
const conflict = async (deviceId?: string) => {
  const [first, second] = [await login(me, deviceId ? { deviceId } : {}), await login(other)]
  await fixture.wechat.addUser(me, [numberOf(mine), numberOf(theirs)])
  const answer = await login(me, { number: numberOf(theirs), ...(deviceId && { deviceId }) })
  expect(answer.body).toMatchObject({ status: 409, code: 'IDENTITY_CONFLICT', action: 'resolve-conflict' })
  return { first, second, answer, ticket: answer.body.merge.ticket, session: answer.body.session }
}

describe('a conflict', () => {
  it('signs the member in all the same, and offers a ticket that keeps the number', async () => {
    const { first, answer, session } = await conflict()
    expect(answer.body.merge).toMatchObject({
      expiresInS: expect.closeTo(600, -1),
      masked: expect.stringMatching(/^137\*{4}0002$/),
    })
    expect(idOf(await fixture.get('/v1/me', bearer(session.accessToken)))).toBe(idOf(first))
  })

  it('answers a repeated code with the same ticket', async () => {
    await login(me)
    await login(other)
    await fixture.wechat.addUser(me, [numberOf(mine), numberOf(theirs)])
    const body = {
      appid,
      loginCode: await fixture.wechat.loginCode(me),
      phoneCode: await fixture.wechat.phoneCode(me, { number: numberOf(theirs) }),
    }
    const [first, second] = [await fixture.post('/v1/login', body), await fixture.post('/v1/login', body)]
    expect(second.body).toMatchObject({
      code: 'IDENTITY_CONFLICT',
      merge: { ticket: first.body.merge.ticket },
    })
  })
})

describe('a merge ticket', () => {
  it('is not proven by the code that made it, nor by anybody else', async () => {
    const { ticket, session } = await conflict()
    expect((await merge(session, { ticket })).body).toMatchObject({
      code: 'MERGE_PROOF_REQUIRED',
      action: 'verify-number',
    })
    await fixture.wechat.addUser('路人', ['13799990000'])
    const stranger = await silently('路人')
    const { accessToken: otherAccessToken } = stranger.body.session
    expect((await merge(session, { ticket, otherAccessToken })).body.code).toBe('MERGE_PROOF_REQUIRED')
  })

  it('is not proven by a realtime code that made it', async () => {
    const { body } = await login(me)
    await login(other)
    await fixture.wechat.addUser(me, [numberOf(mine), numberOf(theirs)])
    const offered = await bind(body.session, 'realtime')
    expect(offered.body.code).toBe('IDENTITY_CONFLICT')
    const { ticket } = offered.body.merge
    expect((await merge(body.session, { ticket })).body.code).toBe('MERGE_PROOF_REQUIRED')
  })

  it('is not proven by a second code of the quick component', async () => {
    const { ticket, session } = await conflict()
    const again = await bind(session, 'quick')
    expect(again.body.code).toBe('IDENTITY_CONFLICT')
    expect((await merge(session, { ticket })).body.code).toBe('MERGE_PROOF_REQUIRED')
    expect((await merge(session, { ticket: again.body.merge.ticket })).body.code).toBe('MERGE_PROOF_REQUIRED')
  })

  it('is proven by the realtime component afterwards: the member who has the number is left', async () => {
    const { first, second, ticket, session } = await conflict()
    await fixture.advance(MINUTE_MS)
    expect((await bind(session, 'realtime')).body.code).toBe('IDENTITY_CONFLICT')
    const merged = await merge(session, { ticket })
    expect(merged.status, JSON.stringify(merged.body)).toBe(200)
    expect(merged.body).toMatchObject({ isNew: false, member: { id: idOf(second), phone: { bound: true } } })
    expect(decodeJwt(merged.body.session.accessToken).sub).toBe(idOf(second))
    expect(idOf(await silently(me))).toBe(idOf(second))
    expect(await eventsOf(idOf(first))).toContain('member.merged')
    expect(await eventsOf(idOf(second))).toContain('member.merged')
    expect((await fixture.db.members.find(idOf(first)))?.state).toBe('merged')
  })

  it('is proven by a living session of the other member', async () => {
    const { second, ticket, session } = await conflict()
    const merged = await merge(session, { ticket, otherAccessToken: second.body.session.accessToken })
    expect(idOf(merged)).toBe(idOf(second))
    expect((await fixture.post('/v1/session/refresh', merged.body.session)).status).toBe(200)
  })

  it('is not proven by a session of the other member that has ended', async () => {
    const { second, ticket, session } = await conflict()
    const { accessToken: otherAccessToken } = second.body.session
    await fixture.send('DELETE', '/v1/session', { headers: bearer(otherAccessToken) })
    expect((await merge(session, { ticket, otherAccessToken })).status).toBe(401)
  })

  it('works once', async () => {
    const { second, ticket, session } = await conflict()
    const body = { ticket, otherAccessToken: second.body.session.accessToken }
    const answers = await Promise.all([merge(session, body), merge(session, body)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410])
  })

  it('is dead after ten minutes', async () => {
    const { second, ticket, session } = await conflict()
    await fixture.advance(10 * MINUTE_MS)
    const { accessToken: otherAccessToken } = second.body.session
    expect((await merge(session, { ticket, otherAccessToken })).body.code).toBe('MERGE_TICKET_INVALID')
  })

  it('is of no use to another member, session or device', async () => {
    const { second, ticket, session } = await conflict('device-0001')
    const { accessToken: otherAccessToken } = second.body.session
    const elsewhere = await silently(me, 'device-0002')
    for (const thief of [second.body.session, elsewhere.body.session]) {
      const answer = await merge(thief, { ticket, otherAccessToken })
      expect(answer.body).toMatchObject({ status: 410, code: 'MERGE_TICKET_INVALID' })
    }
    expect((await merge(session, { ticket, otherAccessToken })).status).toBe(200)
  })

  it('is of no use to another session of the member where no device is known', async () => {
    const { second, ticket, session } = await conflict()
    const { accessToken: otherAccessToken } = second.body.session
    const elsewhere = await silently(me)
    const answer = await merge(elsewhere.body.session, { ticket, otherAccessToken })
    expect(answer.body.code).toBe('MERGE_TICKET_INVALID')
    expect((await merge(session, { ticket, otherAccessToken })).status).toBe(200)
  })

  it('is good for a later session of the same device', async () => {
    const { second, ticket } = await conflict('device-0003')
    const later = await silently(me, 'device-0003')
    const { accessToken: otherAccessToken } = second.body.session
    expect(idOf(await merge(later.body.session, { ticket, otherAccessToken }))).toBe(idOf(second))
  })

  it('is dead once the other member has another number', async () => {
    const { second, ticket, session } = await conflict()
    const { accessToken: otherAccessToken } = second.body.session
    await fixture.send('DELETE', '/v1/phone', { headers: bearer(otherAccessToken) })
    expect((await merge(session, { ticket, otherAccessToken })).body.code).toBe('MERGE_TICKET_INVALID')
  })
})

describe('undoing a merge', () => {
  const merged = async () => {
    const found = await conflict()
    const { second, ticket, session } = found
    const answer = await merge(session, { ticket, otherAccessToken: second.body.session.accessToken })
    expect(answer.status).toBe(200)
    const [record] = await fixture.db.merges.listOf(idOf(second))
    return { ...found, mergeId: record?.id ?? '' }
  }

  it('gives back identities, session and number, and tells both', async () => {
    const { first, second, session, mergeId } = await merged()
    await fixture.haoma.people.merging.undo(mergeId, 'admin')
    expect((await silently(me)).body.member).toEqual(first.body.member)
    const history = await fixture.db.phoneBindings.listOf(idOf(first))
    expect(history.map(({ unboundAtMs }) => unboundAtMs)).toEqual([null])
    expect((await silently(other)).body.member).toMatchObject({ id: idOf(second), phone: { bound: true } })
    expect(idOf(await fixture.get('/v1/me', bearer(session.accessToken)))).toBe(idOf(first))
    for (const id of [idOf(first), idOf(second)]) expect(await eventsOf(id)).toContain('member.unmerged')
  })

  it('happens once, and not after seven days', async () => {
    const { mergeId } = await merged()
    await fixture.haoma.people.merging.undo(mergeId, 'admin')
    await expect(fixture.haoma.people.merging.undo(mergeId, 'admin')).rejects.toThrow()
    const { mergeId: old } = await (async () => {
      count += 1
      ;[me, other] = [`我${count}`, `他${count}`]
      await fixture.wechat.addUser(me, [numberOf(mine)])
      await fixture.wechat.addUser(other, [numberOf(theirs)])
      return merged()
    })()
    await fixture.advance(8 * 86_400_000)
    await expect(fixture.haoma.people.merging.undo(old, 'admin')).rejects.toThrow()
  })

  it('waits until the member that is left may come in again', async () => {
    const { second, mergeId } = await merged()
    const set = (state: 'banned' | 'active') =>
      fixture.db.transaction((stores) =>
        stores.members.setState(idOf(second), { state, nowMs: fixture.clock.now() }),
      )
    await set('banned')
    await expect(fixture.haoma.people.merging.undo(mergeId, 'admin')).rejects.toThrow()
    await set('active')
    await fixture.haoma.people.merging.undo(mergeId, 'admin')
  })

  it('leaves the number with whoever has it by now', async () => {
    const { first, mergeId } = await merged()
    await fixture.wechat.addUser('新主人', [numberOf(mine)])
    const heir = await login('新主人')
    await fixture.haoma.people.merging.undo(mergeId, 'admin')
    expect((await silently(me)).body.member).toMatchObject({ id: idOf(first), phone: { bound: false } })
    expect((await silently('新主人')).body.member).toMatchObject({ id: idOf(heir), phone: { bound: true } })
  })
})
