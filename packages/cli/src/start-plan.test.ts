import { describe, expect, it } from 'vitest'
import { planListening, planWeChat } from './start-plan.ts'

const on = { isSimulatorOff: false }
const wechatHosts = ['https://api.weixin.qq.com']

describe('which WeChat is behind the service', () => {
  it.each([
    ['the real one where there is an app', on, { hasApps: true, nodeEnv: undefined }, 'wechat'],
    ['the real one in production', on, { hasApps: true, nodeEnv: 'production' }, 'wechat'],
    ['the simulator without apps', on, { hasApps: false, nodeEnv: undefined }, 'simulator'],
    ['the simulator in development', on, { hasApps: false, nodeEnv: 'development' }, 'simulator'],
    ['none without apps in production', on, { hasApps: false, nodeEnv: 'production' }, 'none'],
    [
      'none in production, whose hosts wait for the first app',
      { ...on, wechatHosts },
      { hasApps: false, nodeEnv: 'production' },
      'none',
    ],
    [
      'none where the simulator is off',
      { isSimulatorOff: true },
      { hasApps: false, nodeEnv: undefined },
      'none',
    ],
  ])('is %s', (_name, settings, circumstances, expected) => {
    expect(planWeChat(settings, circumstances)).toBe(expected)
  })

  it('is no simulator under hosts that are named', () => {
    const nowhere = { hasApps: false, nodeEnv: undefined }
    expect(() => planWeChat({ ...on, wechatHosts }, nowhere)).toThrow(/HAOMA_WECHAT_HOSTS/)
  })
})

describe('listening', () => {
  const own = ['192.168.1.7', 'fe80::1']

  it.each([
    [
      'stays on this machine while WeChat is simulated',
      undefined,
      false,
      '127.0.0.1',
      '127.0.0.1',
      ['127.0.0.1'],
    ],
    [
      'is everywhere for a real service',
      undefined,
      true,
      undefined,
      '127.0.0.1',
      ['192.168.1.7', '[fe80::1]'],
    ],
    [
      'prints an address that can be opened',
      '0.0.0.0',
      false,
      '0.0.0.0',
      '127.0.0.1',
      ['192.168.1.7', '[fe80::1]'],
    ],
    ['writes IPv6 in brackets', '::1', false, '::1', '[::1]', ['[::1]']],
    ['keeps a name', 'haoma.local', true, 'haoma.local', 'haoma.local', ['haoma.local']],
  ])('%s', (_name, option, isPublic, host, pageHost, allowHosts) => {
    expect(planListening(option, isPublic, own)).toEqual({ host, pageHost, allowHosts })
  })
})
