import { describe, expect, it, vi } from 'vitest'
import { WxTransportError } from '../errors/index.ts'
import { createHosts } from './hosts.ts'
import type { TransportRequest, TransportResponse } from './types.ts'

const notSent = () => new WxTransportError('ERR_WX_NOT_SENT', { requestSent: false })
const ok: TransportResponse = { status: 200, headers: {}, body: '{}' }

/** Two hosts, a clock that the test moves, and a world that the test changes. */
function setUp(urls = ['https://a.test', 'https://b.test']) {
  const tried: string[] = []
  const world = {
    nowMs: 0,
    tried,
    reply: async (_origin: string): Promise<TransportResponse> => ok,
  }
  const hosts = createHosts(urls, {
    clock: { now: () => 0, monotonic: () => world.nowMs, schedule: () => () => {} },
    transport: {
      request(request: TransportRequest) {
        tried.push(request.origin)
        return world.reply(request.origin)
      },
    },
  })
  const send = () => hosts.send({ path: '/x', method: 'GET', deadlineAtMs: world.nowMs + 10_000 })
  const taken = () => tried.splice(0)
  return { world, hosts, send, taken }
}

const onlyB = async (origin: string) => {
  if (origin === 'https://a.test') throw notSent()
  return ok
}

describe('hosts', () => {
  it('are tried in order when a connection cannot be opened, and the failed one rests for 30 s', async () => {
    const { world, hosts, send, taken } = setUp()
    world.reply = onlyB
    await send()
    await send()
    expect(taken()).toEqual(['https://a.test', 'https://b.test', 'https://b.test'])
    expect(hosts.health()).toEqual([
      { host: 'https://a.test', resting: true },
      { host: 'https://b.test', resting: false },
    ])
    world.reply = async () => ok
    world.nowMs = 30_000
    await send()
    await send()
    expect(taken()).toEqual(['https://a.test', 'https://a.test'])
    expect(hosts.health()[0]).toMatchObject({ resting: false })
  })

  it('are probed by one call when a rest is over, while all others go where it works', async () => {
    const { world, send, taken } = setUp()
    world.reply = onlyB
    await send()
    taken()
    let endProbe: (error: Error) => void = () => {}
    world.reply = (origin) =>
      origin === 'https://a.test' ? new Promise((_, reject) => (endProbe = reject)) : Promise.resolve(ok)
    world.nowMs = 30_000
    const probe = send()
    await Promise.all(Array.from({ length: 20 }, send))
    expect(taken().filter((origin) => origin === 'https://a.test')).toHaveLength(1)
    endProbe(notSent())
    await probe
    world.nowMs = 59_000
    await send()
    expect(taken()).toEqual(['https://b.test', 'https://b.test'])
  })

  it.each([
    ['waited for a free connection', new WxTransportError('ERR_WX_TIMEOUT', { requestSent: false })],
    ['was aborted', new WxTransportError('ERR_WX_ABORTED', { requestSent: false })],
    ['answered too late', new WxTransportError('ERR_WX_TIMEOUT', { requestSent: true })],
    ['broke off', new WxTransportError('ERR_WX_CONNECTION_LOST', { requestSent: true })],
  ])('do not rest, and no other is tried, when a call %s', async (_, error) => {
    const { world, hosts, send, taken } = setUp()
    world.reply = async () => {
      throw error
    }
    await expect(send()).rejects.toBe(error)
    expect(taken()).toEqual(['https://a.test'])
    expect(hosts.health().some(({ resting }) => resting)).toBe(false)
  })

  it('are all tried again when all rest', async () => {
    const { world, send, taken } = setUp(['https://a.test', 'https://b.test/base/'])
    world.reply = async () => {
      throw notSent()
    }
    for (let i = 0; i < 2; i++) await expect(send()).rejects.toMatchObject({ code: 'ERR_WX_NOT_SENT' })
    expect(taken()).toEqual(['https://a.test', 'https://b.test', 'https://a.test', 'https://b.test'])
  })

  it('build no error before something failed', async () => {
    const { send } = setUp()
    // Every error of the package is branded while it is built.
    const defined = vi.spyOn(Object, 'defineProperty')
    const built = () =>
      defined.mock.calls.filter(([, key]) => key === Symbol.for('haoma.wechat.error')).length
    await send()
    expect(built()).toBe(0)
    expect(notSent()).toMatchObject({ code: 'ERR_WX_NOT_SENT' })
    expect(built()).toBe(1)
    defined.mockRestore()
  })

  it('are not tried beyond the deadline, and the failure of the first is told', async () => {
    const { world, send, taken } = setUp()
    world.reply = async () => {
      world.nowMs += 10_000
      throw notSent()
    }
    await expect(send()).rejects.toMatchObject({ code: 'ERR_WX_NOT_SENT' })
    expect(taken()).toEqual(['https://a.test'])
  })

  it.each([
    [['']],
    [['api.weixin.qq.com']],
    [['ftp://x']],
    [['https://x/?a=1']],
    [['http://api.weixin.qq.com']],
    [[]],
    ['https://api.weixin.qq.com'],
    [[null]],
  ])('refuse %j', (urls) => {
    expect(() => setUp(urls as string[])).toThrow(
      expect.objectContaining({ code: 'ERR_WX_BAD_OPTION', message: expect.stringContaining('hosts') }),
    )
  })
})
