import { describe, expect, it } from 'vitest'
import { appid, bearer, createClient, startFixture } from '../../../test/support/fixture.ts'
import { h5, number, useSmsService, wrong } from '../../../test/support/sms-service.ts'

const at = useSmsService()
const { send, login, signIn, codeOf, reopen, advance } = at

describe('signing in', () => {
  it('makes a member with the number, without WeChat, with the app as the audience', async () => {
    const answer = await signIn()
    expect(answer).toMatchObject({
      status: 200,
      body: { isNew: true, member: { phone: { bound: true, masked: '138****8000' } } },
    })
    const { accessToken } = answer.body.session
    expect(JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString()).aud).toBe(h5)
    const { body } = await at.fixture.get('/v1/sessions', bearer(accessToken))
    expect(body.sessions).toMatchObject([{ way: 'sms' }])
    expect(
      (await at.fixture.post('/v1/session/refresh', { refreshToken: answer.body.session.refreshToken }))
        .status,
    ).toBe(200)
  })

  it('finds the member whose number it is, whichever way that came', async () => {
    const phoneCode = await at.fixture.wechat.phoneCode('李雷')
    const wechat = await at.fixture.post('/v1/login', {
      appid,
      loginCode: await at.fixture.wechat.loginCode('李雷'),
      phoneCode,
    })
    const [phone] = (await at.fixture.db.phoneBindings.listOf(wechat.body.member.id)).map(
      (binding) => at.fixture.haoma.people.vault.read(binding) ?? '',
    )
    const answer = await signIn({ phoneNumber: phone })
    expect(answer.body).toMatchObject({ isNew: false, member: { id: wechat.body.member.id } })
    await advance(100 * 86_400_000)
    expect((await signIn({ phoneNumber: phone })).body.member.id).toBe(wechat.body.member.id)
  })

  it('makes one member of two codes entered at once for one new number', async () => {
    const first = await send()
    const firstCode = codeOf()
    await advance(61_000)
    const second = await send()
    const answers = await Promise.all([
      login(first.body.requestId, firstCode),
      login(second.body.requestId, codeOf(), { client: { deviceId: 'device-0002' } }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(new Set(answers.map(({ body }) => body.member.id)).size).toBe(1)
  })

  it('takes a code in full width, and no code of another request', async () => {
    const first = await send()
    await advance(61_000)
    const second = await send()
    const code = codeOf()
    expect((await login(first.body.requestId, code === codeOf(0) ? wrong(code) : code)).body.code).toBe(
      'SMS_CODE_WRONG',
    )
    const wide = code.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
    expect((await login(second.body.requestId, ` ${wide} `)).status).toBe(200)
  })

  it('burns the code of that request after five tries, and no other', async () => {
    const first = await send()
    const firstCode = codeOf()
    await advance(61_000)
    const second = await send()
    for (let i = 0; i < 4; i += 1) {
      expect((await login(first.body.requestId, wrong(firstCode))).body.code).toBe('SMS_CODE_WRONG')
    }
    expect((await login(first.body.requestId, wrong(firstCode))).body).toMatchObject({
      status: 410,
      code: 'SMS_CODE_OVER',
    })
    expect((await login(first.body.requestId, firstCode)).body.code).toBe('SMS_CODE_OVER')
    expect((await at.fixture.db.sms.find(first.body.requestId))?.state).toBe('burnt')
    expect((await login(second.body.requestId, codeOf())).status).toBe(200)
  })

  it('lets no crowd of guesses at once try more than five', async () => {
    const { body } = await send()
    const guesses = Array.from({ length: 30 }, (_, i) => login(body.requestId, String(i).padStart(6, '9')))
    const codes = (await Promise.all(guesses)).map((answer) => answer.body.code)
    expect(codes.filter((code) => code === 'SMS_CODE_WRONG')).toHaveLength(4)
    expect((await at.fixture.db.sms.find(body.requestId))?.tries).toBe(5)
  })

  it('is over when the life of the code is, and unknown requests are likewise', async () => {
    const { body } = await send()
    await advance(301_000)
    expect((await login(body.requestId, codeOf())).body.code).toBe('SMS_CODE_OVER')
    expect((await login('00000000-0000-7000-8000-000000000000', '123456')).body.code).toBe('SMS_CODE_OVER')
  })

  it('gives the same device the same session again, and another one nothing', async () => {
    const { body } = await send()
    const [first, second] = await Promise.all([
      login(body.requestId, codeOf()),
      login(body.requestId, codeOf()),
    ])
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.body.member.id).toBe(first.body.member.id)
    const sessions = await at.fixture.get('/v1/sessions', bearer(first.body.session.accessToken))
    expect(sessions.body.sessions).toHaveLength(1)
    const thief = await login(body.requestId, codeOf(), { client: { deviceId: 'device-0002' } })
    expect(thief.body.code).toBe('SMS_CODE_OVER')
    await at.fixture.send('DELETE', '/v1/session', { headers: bearer(first.body.session.accessToken) })
    expect((await login(body.requestId, codeOf())).body.code).toBe('SMS_CODE_OVER')
  })

  it('counts wrong codes of an address, and no right ones', async () => {
    const limited = await startFixture({
      limits: { 'sms.rejected.ip': { points: 2, withinS: 60 } },
      sms: { provider: at.providers.tencent },
    })
    const client = createClient(limited.haoma, { ip: '203.0.113.9' })
    const { body } = await send({ appid }, client)
    const enter = (code: string) => client.post('/v1/sms/login', { requestId: body.requestId, code })
    expect([(await enter(wrong(codeOf()))).status, (await enter(wrong(codeOf()))).status]).toEqual([422, 422])
    expect((await enter(codeOf())).status).toBe(429)
    await limited.close()
  })

  it('lets nobody in who may not come in', async () => {
    const { body } = await signIn()
    await at.fixture.haoma.people.members.ban(body.member.id, 'test')
    await advance(61_000)
    expect((await signIn()).body).toMatchObject({ status: 403, code: 'MEMBER_BANNED' })
    await reopen({}, { knownMembersOnly: true })
    expect((await signIn()).body).toMatchObject({ status: 403, code: 'MEMBER_UNKNOWN' })
  })

  it('leaves the ledger alone, and no code in the database', async () => {
    await signIn()
    expect(
      JSON.stringify(
        await at.fixture.db.sms.listOf(at.fixture.haoma.people.vault.subjectsOf(`+86${number}`)),
      ),
    ).not.toContain(codeOf())
    expect(at.fixture.log()).not.toContain(codeOf())
  })
})
