import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appid, bearer, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { paths } from '../../../test/support/simulated-wechat.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.close())

describe('POST /v1/login', () => {
  it('signs a user in without a number, and with one', async () => {
    const { wechat, post, get } = fixture
    const silent = await post('/v1/login', { appid, loginCode: await wechat.loginCode('李雷') })
    expect(silent.status, JSON.stringify(silent.body)).toBe(200)
    expect(silent.body.member.phone).toEqual({ bound: false, masked: null, verifiedAt: null })

    const full = await post('/v1/login', {
      appid,
      loginCode: await wechat.loginCode('李雷'),
      phoneCode: await wechat.phoneCode('李雷'),
    })
    expect(full.status, JSON.stringify(full.body)).toBe(200)
    expect(full.body.member.id).toBe(silent.body.member.id)
    expect(full.body.member.phone).toMatchObject({ bound: true, masked: '135****6666' })

    const me = await get('/v1/me', bearer(full.body.session.accessToken))
    expect(me.body.member).toEqual(full.body.member)
  })

  it('answers five equal bodies at once and one a minute later with one exchange', async () => {
    const { wechat, post, advance } = fixture
    const before = { login: await wechat.calls(paths.login), phone: await wechat.calls(paths.phone) }
    const body = {
      appid,
      loginCode: await wechat.loginCode('韩梅梅'),
      phoneCode: await wechat.phoneCode('韩梅梅'),
    }
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('/v1/login', body)))
    await advance(60_000)
    answers.push(await post('/v1/login', body))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body.member))).size).toBe(1)
    expect(new Set(answers.map((answer) => answer.body.session.refreshToken)).size).toBe(1)
    expect((await wechat.calls(paths.login)) - before.login).toBe(1)
    expect((await wechat.calls(paths.phone)) - before.phone).toBe(1)
  })
})
