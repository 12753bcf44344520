import { beforeAll, describe, expect, it } from 'vitest'
import { ensureNodeClients } from '../scripts/lib/node-clients.mjs'

interface Counted {
  readonly tokenFetches: number
  readonly failed: number
}
interface Observed {
  readonly client: string
  readonly cold: { grace: Counted; strict: Counted }
  readonly replaced?: { grace: Counted; strict: Counted }
  readonly killed?: { fetchesOfOthers: number; failed: number }
  readonly wrongSecret?: { 40125: number; 40001: number }
}

beforeAll(ensureNodeClients)

describe('access tokens of real processes', () => {
  let results: Observed[]
  let shared: Observed[]
  beforeAll(async () => {
    const { run } = await import('../bench/src/herd.mjs')
    results = (await run({ isQuick: true, only: '@haoma/wechat' })).results
    shared = results.filter(({ client }) => client.endsWith('store'))
  })

  it('are shared through every store', () => {
    const stores = shared.map(({ client }) => client.split(', ')[1])
    expect(stores).toEqual(['file store', 'Redis store', 'PostgreSQL store'])
  })

  it('are fetched once by 800 cold callers in 8 processes', () => {
    const once = { tokenFetches: 1, failed: 0 }
    for (const { cold, client } of shared) expect(cold, client).toEqual({ grace: once, strict: once })
  })

  it('fail no call when they are replaced under load', () => {
    const observed = results.filter(({ replaced }) => replaced)
    expect(observed).toHaveLength(1 + shared.length)
    for (const { replaced, client } of observed) {
      expect([replaced?.grace.failed, replaced?.strict.failed], client).toEqual([0, 0])
    }
  })

  it('are fetched at most once for each replacement, by the whole fleet', () => {
    // 2,000 calls, replaced after every 1,000, and the first fetch.
    for (const { replaced, client } of shared) {
      expect(replaced?.grace.tokenFetches, client).toBe(1)
      expect(replaced?.strict.tokenFetches, client).toBeLessThanOrEqual(3)
    }
  })

  it('are fetched by one of the others when the holder of the lease is killed', () => {
    for (const { killed, client } of shared) {
      expect(killed, client).toMatchObject({ fetchesOfOthers: 1, failed: 0 })
    }
  })

  it('are hardly asked for under a wrong AppSecret', () => {
    const fetches = results.flatMap(({ wrongSecret }) => Object.values(wrongSecret ?? {}))
    expect(fetches).toHaveLength(2)
    expect(Math.max(...fetches)).toBeLessThanOrEqual(3)
  })
})

describe('npm run bench sdk', () => {
  it('calls every contender and sets it beside the limit of undici', async () => {
    const { run } = await import('../bench/src/sdk.mjs')
    const { markdown } = await run({ isQuick: true })
    const ratios = [...markdown.matchAll(/^\| ([^|]+) \| [\d,.]+ \([^)]+\) \| (\d+\.\d\d) \|/gm)]
    expect(ratios).toHaveLength(3 * 9)
    for (const [, name, ratio] of ratios) expect(Number(ratio), name).toBeGreaterThan(0)
  })
})

describe('npm run bench tokens', () => {
  it('asks the service, an echo and the gateway, and compares them within a round', async () => {
    const { run } = await import('../bench/src/tokens.mjs')
    const { markdown, results } = await run({ isQuick: true })
    for (const result of results) {
      for (const [name, { perSecond }] of Object.entries<{ perSecond: number }>(result)) {
        expect(perSecond, name).toBeGreaterThan(0)
      }
    }
    expect(markdown).toContain('the gateway’s own share')
  })
})

describe('npm run bench login', () => {
  it('signs the same people in at the service and at the floor, in each way', async () => {
    const { run } = await import('../bench/src/login.mjs')
    const { markdown, results } = await run({ isQuick: true, only: 'sqlite' })
    const [round] = results.sqlite
    expect(Object.keys(round)).toEqual(['full', 'repeat', 'silent', 'refresh'])
    for (const [kind, { floor, service }] of Object.entries<Record<string, { times: number[] }>>(round)) {
      expect([floor?.times.length, service?.times.length], kind).toEqual([12, 12])
    }
    expect(markdown).toContain('by hand')
  })
})

describe('npm run bench ledger', () => {
  it('fills a database with traffic, and finds everything in it', async () => {
    const { run } = await import('../bench/src/ledger.mjs')
    const { markdown, results } = await run({ isQuick: true, only: 'sqlite' })
    expect(results[0].filled.entries).toBe(2000)
    const searched = results[0].searches.map(({ searches }: { searches: number }) => searches)
    expect(Math.min(...searched)).toBeGreaterThan(0)
    const names = results[0].findings.map(({ name }: { name: string }) => name)
    for (const name of names) expect(markdown).toContain(name)
  })
})
