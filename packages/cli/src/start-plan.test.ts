import { describe, expect, it } from 'vitest'
import { planListening, planWeChat } from './start-plan.ts'

const apps = [{ appid: 'wx5f0a3c9e7b1d2468', appSecret: 'x' }]

describe('which WeChat is behind the service', () => {
  it.each([
    ['the real one where apps are named', { apps, isSimulatorOff: false }, undefined, 'wechat'],
    ['the real one in production', { apps, isSimulatorOff: false }, 'production', 'wechat'],
    ['the simulator without apps', { apps: [], isSimulatorOff: false }, undefined, 'simulator'],
    [
      'the simulator beside apps without WeChat',
      { apps: [{ appid: 'shop-h5', kind: 'h5' as const }], isSimulatorOff: false },
      undefined,
      'simulator',
    ],
    ['the simulator in development', { apps: [], isSimulatorOff: false }, 'development', 'simulator'],
    ['none without apps in production', { apps: [], isSimulatorOff: false }, 'production', 'none'],
    ['none where the simulator is off', { apps: [], isSimulatorOff: true }, undefined, 'none'],
  ])('is %s', (_name, settings, nodeEnv, expected) => {
    expect(planWeChat(settings, nodeEnv)).toBe(expected)
  })

  it('has no hosts without an app', () => {
    const settings = { apps: [], isSimulatorOff: false, wechatHosts: ['https://api.weixin.qq.com'] }
    expect(() => planWeChat(settings, undefined)).toThrow(/HAOMA_WECHAT_HOSTS/)
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
