import { describe, expect } from 'vitest'
import type { FaultInput, SimulatorError } from '../src/index.ts'
import { test } from '../src/vitest.ts'
import { createSimulatedTarget } from './conformance/simulated.ts'

const appid = 'wx5f0a3c9e7b1d2468'
const officialAccount = 'wx9d4e7a1c3f5b6802'
const nobody = 'wx0000000000000000'

const refused = [
  ['apps', { appid, ipWhitelist: ['not an ip'] }, 'NO_SENSE'],
  ['apps', { appid, ipWhitelist: ['1.1.1.1:80'] }, 'NO_SENSE'],
  ['apps', { appid, ipWhitelist: ['1.1.1.1', '10.0.0.0/33'] }, 'NO_SENSE'],
  ['apps', { appid, ipWhitelist: ['1.1.*'] }, 'NO_SENSE'],
  ['apps', { appid, ipWhitelist: ['1.1.1.1/8/8'] }, 'NO_SENSE'],
  ['apps', { appid, quotas: { '/cgi-bin/tokne': { daily: 1 } } }, 'NO_SENSE'],
  ['apps', { appid, quotas: { '/cgi-bin/token': { dayly: 1 } } }, 'BAD_INPUT'],
  ['apps', { appid, trial: { fast: 1 } }, 'BAD_INPUT'],
  ['apps', { appid, secretFrozn: true }, 'BAD_INPUT'],
  ['users', { name: 'a', blockd: true }, 'BAD_INPUT'],
  ['users', { name: 'a', numbers: ['13800138000', '+8613800138000'] }, 'NO_SENSE'],
  ['faults', { kind: 'errcode', path: '/cgi-bin/tokne' }, 'NO_SENSE'],
  ['faults', { kind: 'errcode', errcode: 0 }, 'NO_SENSE'],
  ['faults', { kind: 'errcode', appid: nobody }, 'UNKNOWN_APP'],
  ['faults', { kind: 'errcode', status: 500 }, 'NO_SENSE'],
  ['faults', { kind: 'drop-after', spend: false }, 'NO_SENSE'],
  ['faults', { kind: 'latency' }, 'NO_SENSE'],
  ['faults', { kind: 'clock-skew' }, 'NO_SENSE'],
  ['faults', { kind: 'clock-skew', skewMs: 1e300 }, 'BAD_INPUT'],
  ['faults', { kind: 'garbage', status: 204 }, 'NO_SENSE'],
  ['packs', { appid, component: 'quick', size: 1, startsAtMs: 2, endsAtMs: 1 }, 'NO_SENSE'],
  ['packs', { appid, component: 'quick', size: 1, startsAtMs: 2, endsAtMs: 2 }, 'NO_SENSE'],
  ['packs', { appid, component: 'quick', size: 1, endAtMs: 1 }, 'BAD_INPUT'],
  ['packs', { appid: officialAccount, component: 'quick', size: 1 }, 'NOT_A_MINI_PROGRAM'],
  ['deny-next', { appid: nobody }, 'UNKNOWN_APP'],
  ['deny-next', { user: '李磊' }, 'UNKNOWN_USER'],
  ['deny-next', { name: '李雷' }, 'BAD_INPUT'],
  ['next-event', { ending: 'deny-loudly' }, 'BAD_INPUT'],
  ['next-event', { ending: 'no-quota', appid: officialAccount }, 'NOT_A_MINI_PROGRAM'],
  ['next-event', { user: '李磊', ending: 'no-quota' }, 'UNKNOWN_USER'],
  ['next-event', { errno: 102 }, 'NO_SENSE'],
  ['next-event', { errMsg: 'x', ending: 'no-quota' }, 'NO_SENSE'],
  ['sessions/expire', { appid: nobody, user: '李雷' }, 'UNKNOWN_APP'],
  ['sessions/expire', { appid, user: '李磊' }, 'UNKNOWN_USER'],
  ['privacy', { appid: officialAccount, user: '李雷', agreed: true }, 'NOT_A_MINI_PROGRAM'],
  ['tokens/replace', { appid, strickt: true }, 'BAD_INPUT'],
  ['clock', { nowMs: -1 }, 'BAD_CLOCK'],
  ['clock', { nowMs: 8.64e15 + 1 }, 'BAD_CLOCK'],
  ['clock', { advanceMs: 1e16 }, 'BAD_CLOCK'],
  ['clock', { advanceMs: -1e14 }, 'BAD_CLOCK'],
  ['log', { on: true, size: 1 }, 'BAD_INPUT'],
  ['reset', { sead: 'x' }, 'BAD_INPUT'],
  ['outage', { durationMs: 0 }, 'BAD_INPUT'],
] as const

describe('a control call that would do nothing, or not what was meant', () => {
  test.for(refused)('%s %o is refused with %s', async ([path, body, code], { simulator }) => {
    const t = createSimulatedTarget(simulator)
    const before = (await t.get('/_control/snapshot')).text
    const reply = await t.post(`/_control/${path}`, body)
    expect([reply.status, reply.json]).toMatchObject([
      expect.toSatisfy((status: number) => status === 400 || status === 404),
      { error: { code, zh: expect.stringMatching(/[一-龥]/), en: expect.stringMatching(/^[ -~]+$/) } },
    ])
    const after = (await t.get('/_control/snapshot')).text
    expect(after.replace(/"clockOffsetMs":-?\d+/, '')).toBe(before.replace(/"clockOffsetMs":-?\d+/, ''))
  })

  test.for([
    ['DELETE', '/_control/faults?ID=f1'],
    ['DELETE', '/_control/users?nmae=x'],
    ['GET', '/_control/bill?app=wx1'],
    ['GET', '/_control/log?sinse=1'],
  ] as const)('%s %s is refused', async ([method, path], { simulator }) => {
    simulator.control.addFault({ kind: 'errcode' })
    expect((await createSimulatedTarget(simulator).send(method, path)).status).toBe(400)
    expect(simulator.control.snapshot().faults).toHaveLength(1)
  })

  test('is refused in the same process as well', ({ simulator }) => {
    const { control, clock } = simulator
    const codeOf = (call: () => unknown): string => {
      try {
        call()
      } catch (error) {
        return (error as SimulatorError).code
      }
      return 'accepted'
    }
    const fault: FaultInput = { kind: 'errcode', path: '/cgi-bin/tokne' }
    expect([
      codeOf(() => control.addFault(fault)),
      codeOf(() => control.putApp({ appid, ipWhitelist: ['x'] })),
      codeOf(() => control.outage(Number.NaN)),
      codeOf(() => clock.advance(Number.NaN)),
      codeOf(() => clock.set(Number.POSITIVE_INFINITY)),
      codeOf(() => control.denyNext({ count: 0 })),
      codeOf(() => control.reset('')),
    ]).toEqual(['NO_SENSE', 'NO_SENSE', 'BAD_INPUT', 'BAD_CLOCK', 'BAD_CLOCK', 'BAD_INPUT', 'BAD_INPUT'])
  })

  test.for([
    ['phone', { component: 'quick', answer: 'allow', agreeprivacy: true }],
    ['phone', { component: 'fast', answer: 'allow' }],
    ['phone/open', { component: 'quick', plattform: 'android' }],
    ['privacy', { event: 'refuse' }],
  ] as const)('is refused on the phone as well: %s %o', async ([path, body], { simulator }) => {
    const t = createSimulatedTarget(simulator)
    const reply = await t.post(`/_device/${path}`, { appid, user: '李雷', ...body })
    expect([reply.status, reply.json]).toMatchObject([400, { error: { code: 'BAD_INPUT' } }])
    if (path === 'phone')
      expect(() =>
        Reflect.apply(simulator.device.phone, undefined, [{ appid, user: '李雷', ...body }]),
      ).toThrow('not valid')
  })

  test('is told the path that was probably meant', async ({ simulator }) => {
    const t = createSimulatedTarget(simulator)
    const { json } = await t.post('/_control/faults', { kind: 'errcode', path: '/cgi-bin/tokne' })
    expect(json.error).toMatchObject({ en: expect.stringContaining('Is it /cgi-bin/token?') })
  })

  test('may name a path that is not played, when it says so', async ({ simulator }) => {
    const t = createSimulatedTarget(simulator)
    await t.control('faults', { kind: 'errcode', errcode: 45009, path: '/wxa/getwxacode', unplayed: true })
    expect((await t.post('/wxa/getwxacode', {})).json.errcode).toBe(45009)
  })

  test('is refused in a state file too', async ({ simulator }) => {
    const state = simulator.control.snapshot()
    for (const wrong of [
      { ...state, user: [] },
      { ...state, faults: [{ kind: 'meteor' }] },
      { ...state, faults: [{ kind: 'errcode', path: '/cgi-bin/tokne' }] },
      { ...state, apps: state.apps.map((app) => ({ ...app, ipWhitelist: ['x'] })) },
      { ...state, clockOffsetMs: 1e300 },
    ]) {
      expect(() => simulator.control.restore(wrong)).toThrow()
    }
    expect(simulator.control.snapshot().apps).toEqual(state.apps)
  })
})

test('the session that is ended is said to have been one', async ({ simulator }) => {
  const t = createSimulatedTarget(simulator)
  const expire = () => t.control('sessions/expire', { appid, user: '李雷' })
  expect(await expire()).toEqual({ expired: false })
  await t.loginCode()
  expect(await expire()).toEqual({ expired: true })
})
