import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createSimulator, SimulatorError } from '../src/index.ts'
import { switchTable } from '../src/model/switch-table/index.ts'
import { test } from '../src/vitest.ts'
import { createSimulatedTarget } from './conformance/simulated.ts'
import { createTarget } from './conformance/target.ts'

describe('our own paths', () => {
  test.for([
    ['POST', '/_device/login', '{', 400, 'NOT_JSON'],
    ['POST', '/_device/login', '{}', 400, 'BAD_INPUT'],
    ['POST', '/_device/login', '{"appid":"wx0","user":"a"}', 404, 'UNKNOWN_APP'],
    ['POST', '/_device/phone/answer', '{"sheetId":"x","answer":"allow"}', 404, 'SHEET_GONE'],
    ['GET', '/_device/login', undefined, 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/_device/nothing', undefined, 404, 'NO_SUCH_PATH'],
    ['POST', '/_control/switches', '{"nothing":"x"}', 400, 'BAD_SWITCH'],
    ['POST', '/_control/switches', '{"check-order":"x"}', 400, 'BAD_SWITCH'],
    ['POST', '/_control/faults', '{"kind":"meteor"}', 400, 'BAD_INPUT'],
    ['DELETE', '/_control/faults?id=f9', undefined, 404, 'NO_SUCH_FAULT'],
    ['POST', '/_control/users', '{"name":"a","numbers":["12"]}', 400, 'BAD_NUMBER'],
    ['DELETE', '/_control/users?name=nobody', undefined, 404, 'UNKNOWN_USER'],
    ['POST', '/_control/security/roll', '{"appid":"wx5f0a3c9e7b1d2468"}', 409, 'SECURITY_OFF'],
    ['PUT', '/_control/snapshot', '{"version":2}', 400, 'BAD_STATE'],
    ['GET', '/_control/certificate', undefined, 404, 'NO_HTTPS'],
  ] as const)(
    '%s %s %s answers %i %s in two languages',
    async ([method, path, body, status, code], { simulator }) => {
      const reply = await createSimulatedTarget(simulator).send(method, path, body)
      expect([reply.status, reply.json]).toEqual([
        status,
        { error: { code, zh: expect.stringMatching(/[一-龥]/), en: expect.stringMatching(/^[ -~]+$/) } },
      ])
    },
  )

  test('list every switch with its default, its values and its source', async ({ simulator }) => {
    const { switches } = await createSimulatedTarget(simulator).control('switches')
    const listed = switches as Array<Record<string, unknown>>
    expect(listed.map(({ key }) => key)).toEqual(Object.keys(switchTable))
    for (const entry of listed) {
      expect(entry.value).toBe(entry.default)
      expect(entry.values).toContain(entry.default)
      const { zh, en } = entry.source as { zh: string; en: string }
      expect([entry.zh, entry.en, zh, en]).toEqual(Array(4).fill(expect.stringMatching(/.{4}/)))
    }
  })

  test('name the build command while a page has not been built', async ({ simulator }) => {
    const reply = await createSimulatedTarget(simulator).get('/phone')
    expect([reply.status, reply.text]).toEqual([
      503,
      expect.stringContaining('npx haoma simulate --miniprogram'),
    ])
  })

  test('show people without their numbers to pickers', async ({ simulator }) => {
    const t = createSimulatedTarget(simulator)
    const { text } = await t.get('/_device/users', { appid: t.app.appid })
    expect(text).toContain('138****8000')
    expect(text).not.toContain('13800138000')
  })
})

describe('a user nobody knows yet', () => {
  test('is made on the spot, with a number and an openid that stay', async ({ simulator }) => {
    const t = createSimulatedTarget(simulator)
    const numberOf = async (user: string) =>
      (await t.exchange({ code: await t.phoneCode({ user }) })).json.phone_info
    const [first, openid] = [await numberOf('张三'), await t.openid({ user: '张三' })]
    simulator.control.reset()
    expect(await numberOf('张三')).toEqual({ ...(first as object), watermark: expect.any(Object) })
    expect(await t.openid({ user: '张三' })).toBe(openid)
    expect(await numberOf('李四')).not.toMatchObject({
      phoneNumber: (first as { phoneNumber: string }).phoneNumber,
    })
  })
})

describe('ordered refusals', () => {
  test('fall on the next sheets of whom they were ordered for', async ({ simulator }) => {
    const t = createSimulatedTarget(simulator)
    simulator.control.denyNext({ user: '韩梅梅', count: 1 })
    expect(await t.tap()).toHaveProperty('code')
    expect(await t.tap({ user: '韩梅梅' })).toEqual({ errMsg: 'getPhoneNumber:fail user deny' })
    expect(await t.tap({ user: '韩梅梅' })).toHaveProperty('code')
  })
})

describe('a state file', () => {
  test('carries accounts, people, bills, tokens and codes into another simulator', async ({ simulator }) => {
    const t = createSimulatedTarget(simulator)
    simulator.control.setSwitches({ 'country-code-type': 'number' })
    simulator.control.putUser({ name: '新人', numbers: ['+85261112222'] })
    const [token, code, loginCode] = [
      await t.token(),
      await t.phoneCode({ user: '新人' }),
      await t.loginCode(),
    ]
    const state = JSON.parse(JSON.stringify(simulator.control.snapshot()))

    const second = await createSimulator({ state })
    const s = createSimulatedTarget(second)
    expect((await s.exchange({ code }, token)).json).toMatchObject({
      errcode: 0,
      phone_info: { phoneNumber: '85261112222', countryCode: 852 },
    })
    expect((await s.code2Session(loginCode)).json).toHaveProperty('openid')
    expect(await s.bill()).toMatchObject({ consents: 1, remaining: 999 })
    await second.close()
  })

  test('replaces the state over HTTP; a bad one changes nothing', async ({ simulator }) => {
    const t = createSimulatedTarget(simulator)
    const saved = await t.control('snapshot')
    await t.tap()
    expect((await t.send('PUT', '/_control/snapshot', JSON.stringify({ ...saved, apps: [{}] }))).status).toBe(
      400,
    )
    expect(await t.bill()).toMatchObject({ consents: 1 })
    expect((await t.send('PUT', '/_control/snapshot', JSON.stringify(saved))).status).toBe(200)
    expect(await t.bill()).toMatchObject({ consents: 0 })
  })

  it('goes on where the codes stood, so that none comes again under the same seed', async () => {
    const tap = { appid: 'wx5f0a3c9e7b1d2468', user: '李雷', component: 'quick', answer: 'allow' } as const
    const first = await createSimulator({ seed: 'a seed' })
    const code = first.device.phone(tap).code
    const second = await createSimulator({ seed: 'a seed', state: first.control.snapshot() })
    expect(second.device.phone(tap).code).not.toBe(code)
    expect(second.device.phone(tap).code).not.toBe(first.device.phone(tap).code)
    await Promise.all([first.close(), second.close()])
  })

  it('that is wrong is named at the start', async () => {
    const state = { version: 1, users: [{ nickname: 'x' }] } as never
    await expect(createSimulator({ state })).rejects.toMatchObject({ code: 'BAD_STATE' })
  })
})

describe('many simulators in one process', () => {
  it('share nothing', async () => {
    const [a, b] = [await createSimulator(), await createSimulator()]
    a.clock.advance(1e9)
    a.device.phone({ appid: a.apps[0]?.appid ?? '', user: '李雷', component: 'quick', answer: 'allow' })
    expect(b.control.bill(b.apps[0]?.appid ?? '').components.quick.consents).toBe(0)
    expect(b.clock.offsetMs).toBe(0)
    await Promise.all([a.close(), b.close()])
  })

  it('name a port that is taken', async () => {
    const first = await createSimulator()
    await expect(createSimulator({ port: first.port })).rejects.toThrow(SimulatorError)
    await expect(createSimulator({ port: first.port })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    await first.close()
  })
})

describe('HTTPS', () => {
  it('is served with a certificate for WeChat’s hosts that a client can be told to trust', async () => {
    const simulator = await createSimulator({ https: true })
    const { httpsUrl = '', certificate = '' } = simulator
    const port = Number(new URL(httpsUrl).port)
    const status = await new Promise((resolve, reject) => {
      httpsRequest(
        {
          // What a hosts file does: the name of WeChat's host, the address of this machine.
          host: '127.0.0.1',
          port,
          servername: 'api.weixin.qq.com',
          path: '/cgi-bin/token',
          ca: certificate,
        },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
        .on('error', reject)
        .end()
    })
    expect(status).toBe(200)
    expect(await (await fetch(`${simulator.url}/_control/certificate`)).text()).toBe(certificate)
    const unaware = createTarget(httpsUrl, simulator.apps[0] ?? { appid: '', appSecret: '' })
    await expect(unaware.token()).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    await simulator.close()
  })
})

describe('requests that are not HTTP', () => {
  test('get 400 and are cut off', async ({ simulator }) => {
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(simulator.port, '127.0.0.1', () => socket.write('what is this\r\n\r\n'))
      socket.on('data', (data) => {
        text += data.toString()
      })
      socket.on('close', () => resolve(text))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  })
})
