import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bound, createFakePlatform, lost, ok, problem, sessionOf, unbound } from '../test/fake-platform.ts'
import { createCache } from './cache.ts'
import { createService } from './service.ts'
import { createSessionKeeper } from './session.ts'

const key = 'haoma:wx1'
const refresh = 'POST /v1/session/refresh'

function open() {
  const fake = createFakePlatform()
  const service = createService({ platform: fake.platform, baseUrl: 'http://login.test', timeoutMs: 1000 })
  return { ...fake, keeper: createSessionKeeper(createCache(fake.platform.storage), service.refresh, key) }
}

describe('the session', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    return () => void vi.useRealTimers()
  })

  it('gives the stored token while it lives for more than a minute', async () => {
    const { keeper, requests } = open()
    keeper.save({ member: unbound, session: sessionOf('1', 900) })
    vi.advanceTimersByTime(839_000)
    expect(await keeper.accessToken()).toBe('access-1')
    expect(requests).toEqual([])
  })

  it('renews once for any number of concurrent callers, and keeps the new tokens', async () => {
    const { keeper, serve, sentTo } = open()
    keeper.save({ member: unbound, session: sessionOf('1', 900) })
    serve(refresh, ok(sessionOf('2')), ok(sessionOf('3')))
    vi.advanceTimersByTime(841_000)
    const tokens = await Promise.all([keeper.accessToken(), keeper.accessToken(), keeper.accessToken()])
    expect(tokens).toEqual(['access-2', 'access-2', 'access-2'])
    expect(sentTo(refresh)).toEqual([{ refreshToken: 'refresh-1' }])
    expect(await keeper.accessToken()).toBe('access-2')
    expect(keeper.read()?.refreshToken).toBe('refresh-2')
  })

  it('sends the same refresh token again after an answer was lost', async () => {
    const { keeper, serve, sentTo } = open()
    keeper.save({ member: unbound, session: sessionOf('1', 0) })
    serve(refresh, lost('timeout'), ok(sessionOf('2')))
    await expect(keeper.accessToken()).rejects.toMatchObject({ reason: 'timeout' })
    expect(await keeper.accessToken()).toBe('access-2')
    expect(sentTo(refresh)).toEqual([{ refreshToken: 'refresh-1' }, { refreshToken: 'refresh-1' }])
  })

  it('stays over when it was ended while it was renewed', async () => {
    const { keeper, serve } = open()
    keeper.save({ member: unbound, session: sessionOf('1', 0) })
    serve(refresh, new Promise((resolve) => setTimeout(() => resolve(ok(sessionOf('2'))), 1000)))
    const token = keeper.accessToken()
    keeper.clear()
    const refused = expect(token).rejects.toMatchObject({ reason: 'signed-out' })
    await vi.advanceTimersByTimeAsync(1000)
    await refused
    expect(keeper.read()).toBeUndefined()
  })

  it('takes over the tokens of another tab that renewed first', async () => {
    const { keeper, serve, stored } = open()
    keeper.save({ member: unbound, session: sessionOf('1', 0) })
    serve(
      refresh,
      new Promise((resolve) => {
        setTimeout(() => {
          stored.set(key, {
            ...keeper.read(),
            accessToken: 'access-other',
            refreshToken: 'refresh-other',
          })
          resolve(problem('REFRESH_TOKEN_REUSED', 'login-again'))
        }, 10)
      }),
    )
    const token = keeper.accessToken()
    await vi.advanceTimersByTimeAsync(10)
    expect(await token).toBe('access-other')
    expect(keeper.read()?.refreshToken).toBe('refresh-other')
  })

  it('is forgotten when the service has ended it', async () => {
    const { keeper, serve } = open()
    keeper.save({ member: unbound, session: sessionOf('1', 0) })
    serve(refresh, problem('SESSION_EXPIRED', 'login-again'))
    await expect(keeper.accessToken()).rejects.toMatchObject({ reason: 'SESSION_EXPIRED' })
    expect(keeper.read()).toBeUndefined()
    expect(await keeper.accessToken()).toBeUndefined()
  })

  it('takes a new member, with new tokens when the answer brings them', () => {
    const { keeper } = open()
    keeper.save({ member: unbound, session: sessionOf('1') })
    keeper.save({ member: bound })
    expect(keeper.read()).toMatchObject({ member: bound, accessToken: 'access-1' })
    keeper.save({ member: { ...bound, id: 'm2' }, session: sessionOf('2') })
    expect(keeper.read()).toMatchObject({ member: { id: 'm2' }, accessToken: 'access-2' })
  })
})
