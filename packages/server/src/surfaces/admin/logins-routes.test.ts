import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedInAs } from '../../../test/support/admin-client.ts'
import { type Answer, appid, type Fixture, startFixture } from '../../../test/support/fixture.ts'

let fixture: Fixture
let headers: Record<string, string>
beforeAll(async () => {
  fixture = await startFixture()
  headers = (await signedInAs(fixture, 'viewer')).headers
  await fixture.wechat.addUser('caller', ['13712345678'])
})
afterAll(() => fixture.close())

const search = async (body: object): Promise<Answer> => {
  await fixture.haoma.housekeep()
  return fixture.post('/admin/v1/logins/search', body, headers)
}
const idsOf = async (body: object) => (await search(body)).body.items.map(({ id }: { id: string }) => id)
const idOf = (answer: Answer) => answer.headers.get('x-request-id')
const deviceId = 'device-of-the-caller'

/** A member who signed in, and whose next login fails before WeChat says who comes. */
const failedLogin = async () => {
  const { wechat, post } = fixture
  const client = { deviceId }
  const loginCode = await wechat.loginCode('caller')
  const phoneCode = await wechat.phoneCode('caller')
  const good = await post('/v1/login', { appid, loginCode, phoneCode, client })
  await wechat.fault({ kind: 'errcode', path: '/sns/jscode2session', errcode: 40125 })
  const failed = await post('/v1/login', { appid, loginCode: await wechat.loginCode('caller'), client })
  await wechat.clearFaults()
  return { good, failed, phoneCode, member: good.body.member }
}

describe('the person on call', () => {
  it('gets from whatever they are told to the login that failed, and to its cause', async () => {
    const { failed, good, member, phoneCode } = await failedLogin()
    expect(failed.body.code).toBe('WECHAT_MISCONFIGURED')
    const [entry] = (await search({ requestId: idOf(failed) })).body.items
    const typed = failed.body.supportCode.toLowerCase().replace(/^(....)/, '$1-')
    const [{ openid }] = (await search({ requestId: idOf(good) })).body.items
    const told = {
      supportCode: { supportCode: typed },
      rid: { rid: failed.body.wechat.rid },
      member: { memberId: member.id, outcome: 'failed' },
      masked: { masked: member.phone.masked, outcome: 'failed' },
      number: { e164: '+8613712345678', outcome: 'failed' },
      minute: { appid, from: entry.at, outcome: 'WECHAT_MISCONFIGURED' },
    }
    for (const [name, filter] of Object.entries(told)) {
      expect(await idsOf(filter), name).toEqual([idOf(failed)])
    }
    const codeHash = createHash('sha256').update(phoneCode).digest('hex')
    expect(await idsOf({ codeHash })).toEqual([idOf(good)])
    expect(await idsOf({ openid })).toContain(idOf(good))

    const { body } = await fixture.get(`/admin/v1/logins/${idOf(failed)}`, headers)
    expect(body.wechat).toMatchObject({ errcode: 40125, text: { zh: expect.any(String) } })
    expect(body.explanation.whatToDo.zh).toContain('检查')
    expect(body.steps.at(-1)).toMatchObject({ name: 'answered', result: 'WECHAT_MISCONFIGURED' })
    expect(body.curl).toContain('/v1/login')
    expect(body.curl).toContain('<loginCode>')
  })

  it('sees the ledger of a paid code, and every request that it came with', async () => {
    const { wechat, post } = fixture
    const body = {
      appid,
      loginCode: await wechat.loginCode('caller'),
      phoneCode: await wechat.phoneCode('caller'),
      client: { deviceId },
    }
    const answers = [await post('/v1/login', body), await post('/v1/login', body)]
    await fixture.haoma.housekeep()
    const detail = await fixture.get(`/admin/v1/logins/${answers[1] && idOf(answers[1])}`, headers)
    expect(detail.body.related.map(({ id }: { id: string }) => id)).toEqual([answers[0] && idOf(answers[0])])
    expect(detail.body.ledger).toMatchObject({ state: 'used', listLi: 30 })
    expect(detail.body.login.masked).toBe('137****5678')
    expect(JSON.stringify(detail.body)).not.toContain(body.phoneCode)
  })

  it('pages, and is told plainly what is not there', async () => {
    const [first] = (await search({ limit: 1 })).body.items
    const page = await search({ limit: 1 })
    const [second] = (await search({ limit: 1, cursor: page.body.nextCursor })).body.items
    expect(second.id).not.toBe(first.id)
    expect(await idsOf({ supportCode: 'nonsense!' })).toEqual([])
    expect(await idsOf({ masked: '139****0000' })).toEqual([])
    expect((await fixture.get('/admin/v1/logins/none', headers)).status).toBe(404)
  })
})

describe('logins as they happen', () => {
  /** Reads events until there are so many. */
  const watch = async (path: string, own: Record<string, string> = {}, { haoma } = fixture) => {
    const request = new Request(`http://haoma.test${path}`, { headers: { ...headers, ...own } })
    const response = await haoma.fetch(request)
    if (!response.body) throw new Error('no stream')
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const events = () =>
      [...text.matchAll(/event: login\ndata: (.*)\nid: (.*)\n/g)].map(([, data = '', id = '']) => ({
        cursor: id,
        ...JSON.parse(data),
      }))
    return {
      response,
      until: async (id: string | null) => {
        while (!events().some((event) => event.id === id)) {
          const { done, value } = await reader.read()
          if (done) break
          text += value
        }
        return events()
      },
      ended: async () => {
        while (!(await reader.read()).done) {}
      },
      close: () => reader.cancel(),
    }
  }
  const fail = () => fixture.post('/v1/login', { appid, loginCode: 'x'.repeat(32) })

  it('come as they are written down, and go on after a break', async () => {
    await fixture.haoma.housekeep()
    const live = await watch(`/admin/v1/logins/live?appid=${appid}&outcome=failed`)
    expect(live.response.headers.get('content-type')).toContain('text/event-stream')
    const failed = await fail()
    await fixture.haoma.housekeep()
    const [event] = await live.until(idOf(failed))
    expect(event.id).toBe(idOf(failed))
    await live.close()

    const missed = await fail()
    await fixture.haoma.housekeep()
    const again = await watch('/admin/v1/logins/live?outcome=failed', { 'last-event-id': event.cursor })
    const ids = (await again.until(idOf(missed))).map(({ id }) => id)
    expect(ids).toContain(idOf(missed))
    expect(ids).not.toContain(idOf(failed))
    await again.close()
  })

  it('are watched by so many at once only, and by nobody when the service ends', async () => {
    const own = await startFixture()
    const { headers: shown } = await signedInAs(own, 'viewer')
    const watchers = await Promise.all(
      Array.from({ length: 21 }, () => watch('/admin/v1/logins/live', shown, own)),
    )
    const statuses = watchers.map(({ response }) => response.status)
    expect(statuses.sort()).toEqual([...Array(20).fill(200), 429])
    own.haoma.drain()
    await Promise.all(watchers.map((one) => one.ended()))
    await own.close()
  })
})
