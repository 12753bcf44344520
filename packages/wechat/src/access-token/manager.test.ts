import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../test/virtual-clock.ts'
import { WxApiError, WxTransportError } from '../errors/index.ts'
import { createTokenManager, type TokenEvents } from './manager.ts'
import { createTokenFleet } from './shared-fetch.ts'
import { guardStore } from './store-guard.ts'
import { createMemoryTokenStore } from './stores/memory.ts'
import type { FetchedToken, TokenRequest, TokenStore } from './types.ts'

type Answer = FetchedToken | Error | ((request: TokenRequest) => FetchedToken | Promise<FetchedToken>)

const lost = () => new WxTransportError('ERR_WX_CONNECTION_LOST', { requestSent: true })
const refused = (errcode: number) => new WxApiError({ errcode, errmsg: '' }, { path: '/', family: 'token' })
const token = (accessToken: string, expiresInS = 7200): FetchedToken => ({ accessToken, expiresInS })

function open(options: { store?: TokenStore; fetchesPerHour?: number } = {}) {
  const time = createVirtualClock()
  const clock = time.forHost()
  const requests: TokenRequest[] = []
  const answers: Answer[] = []
  const events: string[] = []
  const tell = (name: keyof TokenEvents) => () => void events.push(name)
  const memory = createMemoryTokenStore({ clock })
  const store = guardStore(options.store ?? memory, {
    clock,
    timeoutMs: 1000,
    events: {
      storeDown: () => events.push('storeDown'),
      storeRecovered: () => events.push('storeRecovered'),
    },
  })
  const manager = createTokenManager({
    appid: 'wxapp',
    source: {
      name: 'scripted',
      canForce: true,
      fetchesPerHour: 1000,
      async fetch(request) {
        requests.push(request)
        const answer = answers.length > 1 ? answers.shift() : answers[0]
        if (answer === undefined) throw new Error('nothing scripted')
        if (answer instanceof Error) throw answer
        return typeof answer === 'function' ? answer(request) : answer
      },
    },
    ...{ store, ownStore: memory, clock, random: () => 0.5, fetchTimeoutMs: 5000 },
    fetchesPerHour: options.fetchesPerHour,
    events: {
      refreshed: tell('refreshed'),
      refreshFailed: tell('refreshFailed'),
      circuitOpened: tell('circuitOpened'),
      budgetExceeded: tell('budgetExceeded'),
    },
  })
  const wait = () => ({ deadlineAtMs: clock.monotonic() + 10_000, signal: undefined })
  return {
    time,
    manager,
    requests,
    events,
    store,
    script: (...next: Answer[]) => void answers.splice(0, answers.length, ...next),
    get: () => manager.get(wait()),
    refresh: (failed: string) => manager.refresh(failed, wait()),
    force: () => manager.force(wait()),
  }
}

const noEvents = { storeDown: () => {}, storeRecovered: () => {} }
const fixedSource = (value: string) => ({
  ...{ name: 'fixed', canForce: true, fetchesPerHour: 1000 },
  fetch: async () => token(value),
})

describe('a token in memory', () => {
  it('is refreshed in the background before it expires, while calls go on with the old one', async () => {
    const { manager, script, get, time, requests } = open()
    script(token('A'))
    await get()
    script(token('B'))
    await time.advance(6_890_000)
    expect(manager.peek()?.value).toBe('A')
    await time.advance(200_000)
    expect(manager.peek()?.value).toBe('B')
    expect(requests).toHaveLength(2)
  })

  it('is kept when its refresh fails, tried for again, and given up only at its end', async () => {
    const { manager, script, get, time, events } = open()
    script(token('A'))
    await get()
    script(lost())
    await time.advance(7_190_000)
    expect(manager.peek()?.value).toBe('A')
    expect(events.filter((name) => name === 'refreshFailed').length).toBeGreaterThan(3)
    await time.advance(20_000)
    expect(manager.peek()).toBeUndefined()
    script(token('B'))
    await time.advance(10_000)
    expect((await get()).value).toBe('B')
  })

  it('is not read from the store while it lives', async () => {
    let reads = 0
    const memory = createMemoryTokenStore()
    const read = (id: string) => {
      reads++
      return memory.read(id)
    }
    const store = { ...memory, read }
    const { script, get } = open({ store })
    script(token('A'))
    await get()
    const before = reads
    for (let i = 0; i < 100; i++) await get()
    expect(reads).toBe(before)
  })

  it('lives as long as the source says, however short', async () => {
    const { manager, script, get, time } = open()
    script(token('A', 10))
    await get()
    await time.advance(5000)
    expect(manager.peek()?.value).toBe('A')
  })
})

describe('a refusal after which nobody waits', () => {
  it('leaves no token behind for the next call to begin with', async () => {
    const { manager, script, get } = open()
    script(token('A'), token('B'))
    await get()
    manager.refused('A')
    expect(manager.peek()).toBeUndefined()
    expect((await get()).value).toBe('B')
    // Late news of the old one.
    manager.refused('A')
    expect(manager.peek()?.value).toBe('B')
  })

  it('does not outweigh the source, which has lately given this token again', async () => {
    const { manager, script, get, refresh } = open()
    script(token('A'))
    await get()
    await refresh('A')
    manager.refused('A')
    expect(manager.peek()?.value).toBe('A')
  })
})

describe('refresh', () => {
  it('fetches nothing for a token that has been replaced already', async () => {
    const { script, get, refresh, requests } = open()
    script(token('A'))
    await get()
    script(token('B'))
    expect((await refresh('A')).value).toBe('B')
    expect((await refresh('A')).value).toBe('B')
    expect((await refresh('long ago')).value).toBe('B')
    expect(requests).toHaveLength(2)
    expect(requests[1]).toMatchObject({ failedToken: 'A', force: false })
  })

  it('believes the source that gives a refused token again, and does not ask anew for a while', async () => {
    const { script, get, refresh, requests, time } = open()
    script(token('A'))
    await get()
    for (let i = 0; i < 10; i++) expect((await refresh('A')).value).toBe('A')
    expect(requests).toHaveLength(2)
    await time.advance(1500)
    for (let i = 0; i < 10; i++) await refresh('A')
    expect(requests).toHaveLength(3)
    await time.advance(1500)
    await refresh('A')
    expect(requests).toHaveLength(3)
  })

  it('asks again when a token was refused while it was on its way', async () => {
    const { script, get, refresh, requests, time } = open()
    script(token('A'))
    await get()
    await time.advance(6_900_000)
    let answer: (value: FetchedToken) => void = () => {}
    script(() => new Promise<FetchedToken>((resolve) => (answer = resolve)), token('B'))
    while (requests.length < 2) await time.advance(1000)
    const refreshed = refresh('A')
    answer(token('A'))
    expect((await refreshed).value).toBe('B')
    expect(requests).toHaveLength(3)
  })
})

describe('after a failure', () => {
  it.each([40013, 40125, 40164, 40243, 50004, 50007, 89503, 89506, 89507])(
    'errcode %i opens the circuit: no fetch for 30 seconds, then one try',
    async (errcode) => {
      const { manager, script, get, time, requests, events } = open()
      script(refused(errcode))
      for (let i = 0; i < 100; i++) await expect(get()).rejects.toMatchObject({ errcode })
      expect(requests).toHaveLength(1)
      expect(events.filter((name) => name === 'circuitOpened')).toHaveLength(1)
      expect(manager.health()).toMatchObject({ circuit: 'open', token: 'none' })
      await time.advance(30_001)
      expect(manager.health().circuit).toBe('half-open')
      await Promise.allSettled(Array.from({ length: 100 }, get))
      expect(requests).toHaveLength(2)
      script(token('A'))
      await time.advance(60_001)
      expect((await get()).value).toBe('A')
      expect(manager.health()).toMatchObject({ circuit: 'closed', token: 'fresh', lastError: undefined })
    },
  )

  it('that passes by itself, pauses grow to five seconds and no further', async () => {
    const { script, get, time, requests } = open()
    script(lost())
    for (let i = 0; i < 600; i++) {
      await get().catch(() => {})
      await time.advance(100)
    }
    expect(requests.length).toBeGreaterThan(12)
    expect(requests.length).toBeLessThan(25)
    script(token('A'))
    await time.advance(5000)
    expect((await get()).value).toBe('A')
  })

  it('the source is given up on at its time-out, even when it never settles', async () => {
    const { script, get, time } = open()
    script(() => new Promise(() => {}))
    const failed = expect(get()).rejects.toMatchObject({ code: 'ERR_WX_TIMEOUT' })
    await time.advance(5001)
    await failed
  })

  it.each([
    ['an empty token', { accessToken: '', expiresInS: 7200 }],
    ['no token', { expiresInS: 7200 } as never],
    ['a life that is not a number', { accessToken: 'A', expiresInS: Number.NaN }],
    ['a life that is over', { accessToken: 'A', expiresInS: 0 }],
  ])('%s is refused and not shared', async (_, answer: FetchedToken) => {
    const { script, get, store } = open()
    script(answer)
    await expect(get()).rejects.toMatchObject({ code: 'ERR_WX_TOKEN_SOURCE' })
    expect(await store.read('wxapp')).toBeUndefined()
  })
})

describe('the fetch budget', () => {
  it('pauses fetches with one event, keeps a living token, and fills again', async () => {
    const { manager, script, get, refresh, time, requests, events } = open({ fetchesPerHour: 5 })
    let serial = 0
    script(() => token(`T${++serial}`))
    await get()
    for (let i = 0; i < 20; i++) await refresh(`T${serial}`).catch(() => {})
    expect(requests).toHaveLength(5)
    expect(events.filter((name) => name === 'budgetExceeded')).toHaveLength(1)
    await expect(refresh('T5')).rejects.toMatchObject({ code: 'ERR_WX_TOKEN_BUDGET', kind: 'quota' })
    expect(manager.health().retryInMs).toBeGreaterThan(0)
    await time.advance(3_600_000 / 5 + 1)
    expect((await refresh('T5')).value).toBe('T6')
  })
})

describe('forceRefresh', () => {
  it('replaces the token at once, and not again within 30 seconds or more than 20 times a day', async () => {
    const { script, get, force, time, requests } = open()
    let serial = 0
    script(() => token(`T${++serial}`))
    await get()
    expect((await force()).value).toBe('T2')
    expect(requests.at(-1)?.force).toBe(true)
    await expect(force()).rejects.toMatchObject({
      code: 'ERR_WX_FORCE_REFRESH_LIMIT',
      retryAfterMs: expect.any(Number),
    })
    for (let i = 1; i < 20; i++) {
      await time.advance(30_001)
      await force()
    }
    await time.advance(30_001)
    await expect(force()).rejects.toMatchObject({ code: 'ERR_WX_FORCE_REFRESH_LIMIT' })
  })
})

describe('a store that is down', () => {
  it('is done without, named in health, and taken up again by itself with the token that was fetched', async () => {
    const time = createVirtualClock()
    const memory = createMemoryTokenStore({ clock: time.forHost() })
    let isUp = false
    const through = <T>(work: () => Promise<T>) => (isUp ? work() : Promise.reject(new Error('ECONNREFUSED')))
    const opened = open({
      store: {
        name: 'flaky',
        read: (id) => through(() => memory.read(id)),
        acquire: (id, claim) => through(() => memory.acquire(id, claim)),
        renew: (id, claim) => through(() => memory.renew(id, claim)),
        write: (id, it) => through(() => memory.write(id, it)),
        release: (id, lease) => through(() => memory.release(id, lease)),
        takeForcePermit: (id, rule) => through(() => memory.takeForcePermit(id, rule)),
      },
    })
    opened.script(token('A'))
    expect((await opened.get()).value).toBe('A')
    expect(opened.store.health()).toMatchObject({ name: 'flaky', state: 'down', error: 'ECONNREFUSED' })
    expect(opened.events).toContain('storeDown')
    isUp = true
    await opened.time.advance(6000)
    expect(opened.store.health().state).toBe('ok')
    expect(opened.events).toContain('storeRecovered')
    expect((await memory.read('wxapp'))?.accessToken).toBe('A')
  })

  it('does not hold a caller up when it never answers', async () => {
    const never = () => new Promise<never>(() => {})
    const { script, get, time } = open({
      store: {
        name: 'hung',
        read: never,
        acquire: never,
        renew: never,
        write: never,
        release: never,
        takeForcePermit: never,
      },
    })
    script(token('A'))
    const got = get()
    await time.advance(1001)
    expect((await got).value).toBe('A')
  })
})

describe('a lease', () => {
  const claim = { owner: 'another', ttlMs: 60_000 }

  it('that the store grants too late is given back at once', async () => {
    const time = createVirtualClock()
    const memory = createMemoryTokenStore({ clock: time.forHost() })
    const slow = async (id: string, wanted: { owner: string; ttlMs: number }) => {
      const fence = await memory.acquire(id, wanted)
      await new Promise<void>((resolve) => void opened.time.forHost().schedule(resolve, 1500, false))
      return fence
    }
    const opened = open({ store: { ...memory, acquire: slow } })
    opened.script(token('A'))
    const got = opened.get()
    await opened.time.advance(1499)
    expect((await got).value).toBe('A')
    expect(await memory.acquire('wxapp', claim)).toBeUndefined()
    await opened.time.advance(2)
    expect(await memory.acquire('wxapp', claim)).toBeGreaterThan(0)
  })

  it('is renewed for as long as its holder fetches, and given back after', async () => {
    const opened = open()
    let answer: (value: FetchedToken) => void = () => {}
    opened.script(() => new Promise<FetchedToken>((resolve) => (answer = resolve)))
    const got = opened.get()
    for (let i = 0; i < 9; i++) {
      await opened.time.advance(500)
      expect(await opened.store.acquire('wxapp', claim)).toBeUndefined()
    }
    answer(token('A'))
    expect((await got).value).toBe('A')
    await opened.time.advance(1)
    expect(await opened.store.acquire('wxapp', claim)).toBeGreaterThan(0)
  })

  it('is not renewed any more once its holder is done, not even by a renewal that fails late', async () => {
    const time = createVirtualClock()
    const memory = createMemoryTokenStore({ clock: time.forHost() })
    let renewals = 0
    let fail: (error: Error) => void = () => {}
    const renew = () => {
      renewals += 1
      return new Promise<never>((_, reject) => (fail = reject))
    }
    const opened = open({ store: { ...memory, renew } })
    let answer: (value: FetchedToken) => void = () => {}
    opened.script(() => new Promise<FetchedToken>((resolve) => (answer = resolve)))
    const got = opened.get()
    await opened.time.advance(600)
    answer(token('A'))
    await got
    fail(new Error('connection lost'))
    await opened.time.advance(10_000)
    expect(renewals).toBe(1)
  })

  it('ends within three seconds when nothing renews it any more', async () => {
    const time = createVirtualClock()
    const memory = createMemoryTokenStore({ clock: time.forHost() })
    const gone = { ...memory, renew: () => new Promise<never>(() => {}) }
    const dead = createTokenFleet('wxapp', {
      store: guardStore(gone, { clock: time.forHost(), timeoutMs: 60_000, events: noEvents }),
      ...{ clock: time.forHost(), random: () => 0.5, fetchTimeoutMs: 60_000 },
    })
    const never = { serves: () => true, mayFetch: () => {}, fetch: () => new Promise<never>(() => {}) }
    void dead.obtain(never)
    await time.advance(2999)
    expect(await memory.acquire('wxapp', claim)).toBeGreaterThan(0)
  })

  it('that was lost lets its holder use what it fetched and write nothing', async () => {
    const time = createVirtualClock()
    const memory = createMemoryTokenStore({ clock: time.forHost() })
    const opened = open({ store: { ...memory, renew: async () => false } })
    let answer: (value: FetchedToken) => void = () => {}
    opened.script(() => new Promise<FetchedToken>((resolve) => (answer = resolve)))
    const got = opened.get()
    await opened.time.advance(10)
    await time.advance(2500)
    const fence = await memory.acquire('wxapp', claim)
    answer(token('A'))
    expect((await got).value).toBe('A')
    expect(await memory.read('wxapp')).toBeUndefined()
    const held = { owner: claim.owner, fence: fence ?? 0 }
    expect(await memory.write('wxapp', { accessToken: 'B', expiresInMs: 60_000, ...held })).toBe(true)
  })
})

describe('a new source', () => {
  it('is asked at once, and what the older one still answers touches nothing', async () => {
    const { manager, script, get, time, events } = open()
    let answer: (error: Error) => void = () => {}
    script(() => new Promise<FetchedToken>((_, reject) => (answer = reject)))
    const early = get()
    await time.advance(10)
    manager.changeSource(fixedSource('B'))
    const late = get()
    await time.advance(3000)
    expect((await late).value).toBe('B')
    answer(refused(40125))
    expect((await early).value).toBe('B')
    expect(events).not.toContain('circuitOpened')
    expect(events).not.toContain('refreshFailed')
    expect(manager.health()).toMatchObject({ circuit: 'closed', lastError: undefined })
  })

  it('is not overruled by a token that the older one gives late', async () => {
    const { manager, script, get, time, store } = open()
    let answer: (value: FetchedToken) => void = () => {}
    script(() => new Promise<FetchedToken>((resolve) => (answer = resolve)))
    const early = get()
    await time.advance(10)
    manager.changeSource(fixedSource('B'))
    answer(token('A'))
    await time.advance(3000)
    expect((await early).value).toBe('B')
    expect((await store.read('wxapp'))?.accessToken).toBe('B')
  })
})

describe('a circuit', () => {
  it('lets the next who needs a token try at once after retryNow', async () => {
    const { manager, script, get } = open()
    script(refused(45009))
    await expect(get()).rejects.toMatchObject({ errcode: 45009 })
    script(token('A'))
    await expect(get()).rejects.toMatchObject({ errcode: 45009 })
    manager.retryNow()
    expect((await get()).value).toBe('A')
  })

  it('probes an IP whitelist once a minute, however long it is wrong', async () => {
    const { script, get, time, requests } = open()
    script(refused(40164))
    for (let i = 0; i < 60; i++) {
      await get().catch(() => {})
      await time.advance(10_000)
    }
    const before = requests.length
    script(token('A'))
    await time.advance(60_000)
    expect((await get()).value).toBe('A')
    expect(requests).toHaveLength(before + 1)
    expect(before).toBeLessThan(14)
  })

  it('that is open costs no permit of a forced refresh', async () => {
    const { manager, script, get, force } = open()
    script(refused(40125))
    await expect(get()).rejects.toMatchObject({ errcode: 40125 })
    await expect(force()).rejects.toMatchObject({ errcode: 40125 })
    manager.retryNow()
    script(token('A'))
    expect((await force()).value).toBe('A')
  })
})

describe('a store that can be read and not written', () => {
  it('is down until it can be written again', async () => {
    const time = createVirtualClock()
    const memory = createMemoryTokenStore({ clock: time.forHost() })
    const readOnly = () => Promise.reject(new Error('READONLY'))
    const { script, get, time: now, events } = open({ store: { ...memory, acquire: readOnly } })
    script(token('A'))
    await get()
    await now.advance(60_000)
    expect(events.filter((name) => name === 'storeDown')).toHaveLength(1)
    expect(events).not.toContain('storeRecovered')
  })
})

describe('close', () => {
  it('ends every timer and rejects what comes after', async () => {
    const { manager, script, get, time, requests } = open()
    script(token('A'))
    await get()
    manager.close()
    await time.advance(10_000_000)
    expect(requests).toHaveLength(1)
    await expect(get()).rejects.toMatchObject({ code: 'ERR_WX_CLOSED' })
  })
})
