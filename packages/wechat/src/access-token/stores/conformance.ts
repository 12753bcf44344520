/**
 * The rules that every token store keeps, as tests for any runner.
 *
 * @module
 */
import type { Lease, TokenStore } from '../types.ts'

/** A store under test. */
export interface OpenedTokenStore {
  /** Two stores on the same shared data, as two processes would have. */
  readonly stores: readonly [TokenStore, TokenStore]
  close(): Promise<void>
}

/** What {@link testTokenStore} takes. */
export interface TokenStoreSuite {
  /** `it` or `test` of your runner. */
  readonly test: (name: string, run: () => Promise<void>) => void
  /** Opens a store with no data in it. */
  readonly open: () => Promise<OpenedTokenStore>
}

type Rule = (stores: readonly [TokenStore, TokenStore]) => Promise<void>

const appid = 'wx0123456789abcdef'
const dayMs = 86_400_000
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function check(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(rule)
}

async function lease(store: TokenStore, owner: string, ttlMs = 10_000): Promise<Lease> {
  const fence = await store.acquire(appid, { owner, ttlMs })
  check(fence !== undefined, `${owner} gets a lease that nobody holds`)
  return { owner, fence }
}

const rules: Readonly<Record<string, Rule>> = {
  async 'reads nothing where nothing was written'([one]) {
    check((await one.read(appid)) === undefined, 'an empty store gives undefined')
  },
  async 'gives a token that another process wrote, with what remains of its life'([one, other]) {
    const held = await lease(one, 'one')
    check(
      await one.write(appid, { accessToken: 'T'.repeat(512), expiresInMs: 60_000, ...held }),
      'the holder writes',
    )
    const found = await other.read(appid)
    check(found?.accessToken === 'T'.repeat(512), 'the token is the one written, 512 characters long')
    check(found.expiresInMs > 50_000 && found.expiresInMs <= 60_000, 'what remains is counted down')
  },
  async 'does not give a token at or after its expiry'([one, other]) {
    const held = await lease(one, 'one')
    await one.write(appid, { accessToken: 'short', expiresInMs: 150, ...held })
    await pause(250)
    check((await other.read(appid)) === undefined, 'an expired token is not given')
  },
  async 'keeps apps apart'([one, other]) {
    const held = await lease(one, 'one')
    await one.write(appid, { accessToken: 'T', expiresInMs: 60_000, ...held })
    check((await other.read('wxother')) === undefined, 'another app has no token')
    const claim = { owner: 'other', ttlMs: 10_000 }
    check((await other.acquire('wxother', claim)) !== undefined, 'another app has a lease of its own')
  },
  async 'gives the lease to exactly one of many concurrent callers'(stores) {
    const claims = Array.from({ length: 20 }, (_, i) =>
      (stores[i % 2] as TokenStore).acquire(appid, { owner: `owner-${i}`, ttlMs: 10_000 }),
    )
    const won = (await Promise.all(claims)).filter((fence) => fence !== undefined)
    check(won.length === 1, `one caller wins, not ${won.length}`)
  },
  async 'gives a greater fencing number with every lease'([one, other]) {
    const first = await lease(one, 'one')
    await one.release(appid, first)
    const second = await lease(other, 'other')
    check(second.fence > first.fence, 'the second fence is greater')
  },
  async 'gives the lease to another once it has run out'([one, other]) {
    await lease(one, 'one', 1000)
    const claim = { owner: 'other', ttlMs: 10_000 }
    check((await other.acquire(appid, claim)) === undefined, 'a lease that lasts is not given twice')
    await pause(1100)
    check((await other.acquire(appid, claim)) !== undefined, 'a lease that ran out is given')
  },
  async 'gives the lease to another at once when it is released'([one, other]) {
    await one.release(appid, await lease(one, 'one'))
    await lease(other, 'other')
  },
  async 'makes a lease last longer for its holder, the fencing number unchanged'([one, other]) {
    const held = await lease(one, 'one', 1500)
    await pause(900)
    check(await one.renew(appid, { ...held, ttlMs: 1500 }), 'the holder renews')
    await pause(900)
    const claim = { owner: 'other', ttlMs: 10_000 }
    check((await other.acquire(appid, claim)) === undefined, 'a renewed lease outlives its first end')
    const isWritten = await one.write(appid, { accessToken: 'T', expiresInMs: 60_000, ...held })
    check(isWritten, 'the holder of a renewed lease writes')
    await pause(900)
    check((await other.acquire(appid, claim)) !== undefined, 'a renewed lease runs out as well')
  },
  async 'makes a lease end sooner, when that is what its holder asks for'([one, other]) {
    const held = await lease(one, 'one', 60_000)
    check(await one.renew(appid, { ...held, ttlMs: 100 }), 'the holder renews')
    await pause(200)
    await lease(other, 'other')
  },
  async 'does not renew a lease that has run out, or is another owner’s or fence’s'([one, other]) {
    const lost = await lease(one, 'one', 100)
    await pause(200)
    check(!(await one.renew(appid, { ...lost, ttlMs: 10_000 })), 'a late renewal says false')
    const present = await lease(other, 'other', 300)
    check(!(await one.renew(appid, { ...lost, ttlMs: 10_000 })), 'nobody renews a lease of another')
    const otherFence = { ...present, fence: present.fence - 1, ttlMs: 10_000 }
    check(!(await other.renew(appid, otherFence)), 'an older fence renews nothing')
    check(!(await one.renew('wxother', { ...present, ttlMs: 10_000 })), 'apps are kept apart')
    await pause(400)
    await lease(one, 'third')
  },
  async 'does not write under a lease that has run out'([one]) {
    const held = await lease(one, 'one', 100)
    await pause(200)
    check(
      !(await one.write(appid, { accessToken: 'late', expiresInMs: 60_000, ...held })),
      'a late write says false',
    )
    check((await one.read(appid)) === undefined, 'a late write changes nothing')
  },
  async 'does not write or release for one who lost the lease to another'([one, other]) {
    const lost = await lease(one, 'one', 100)
    await pause(200)
    const present = await lease(other, 'other')
    await other.write(appid, { accessToken: 'present', expiresInMs: 60_000, ...present })
    check(
      !(await one.write(appid, { accessToken: 'late', expiresInMs: 60_000, ...lost })),
      'a late write says false',
    )
    await one.release(appid, lost)
    const claim = { owner: 'third', ttlMs: 10_000 }
    check((await one.acquire(appid, claim)) === undefined, 'a late release frees nothing')
    check((await one.read(appid))?.accessToken === 'present', 'the present token stays')
  },
  async 'does not write for a fence that is not the present one'([one]) {
    const held = await lease(one, 'one')
    const token = { accessToken: 'T', expiresInMs: 60_000, owner: 'one' }
    check(!(await one.write(appid, { ...token, fence: held.fence - 1 })), 'an older fence writes nothing')
  },
  async 'keeps the token while another lease is taken'([one, other]) {
    const held = await lease(one, 'one')
    await one.write(appid, { accessToken: 'T', expiresInMs: 60_000, ...held })
    await one.release(appid, held)
    await lease(other, 'other')
    check((await one.read(appid))?.accessToken === 'T', 'the token is still there')
  },
  async 'grants one of many concurrent forced refreshes'(stores) {
    const rule = { max: 20, windowMs: dayMs, minIntervalMs: 30_000 }
    const asked = Array.from({ length: 10 }, (_, i) =>
      (stores[i % 2] as TokenStore).takeForcePermit(appid, rule),
    )
    const permits = await Promise.all(asked)
    check(permits.filter(({ granted }) => granted).length === 1, 'one is granted')
    for (const permit of permits) {
      if (permit.granted) continue
      check(permit.retryAfterMs > 0 && permit.retryAfterMs <= 30_000, 'the others are told when')
    }
  },
  async 'grants no more forced refreshes than a window allows'([one, other]) {
    const rule = { max: 3, windowMs: 600, minIntervalMs: 1 }
    for (let i = 0; i < 3; i++) {
      check(
        (await (i % 2 ? one : other).takeForcePermit(appid, rule)).granted,
        `permit ${i + 1} of 3 is granted`,
      )
      await pause(10)
    }
    const refused = await one.takeForcePermit(appid, rule)
    check(!refused.granted && refused.retryAfterMs > 0 && refused.retryAfterMs <= 600, 'the fourth waits')
    await pause(700)
    check((await other.takeForcePermit(appid, rule)).granted, 'a new window grants again')
  },
}

/**
 * Registers one test for each rule of {@link TokenStore}.
 *
 * @example
 * import { it } from 'vitest'
 * testTokenStore({ test: it, open: async () => ({ stores: [createMine(), createMine()], close: async () => {} }) })
 */
export function testTokenStore({ test, open }: TokenStoreSuite): void {
  for (const [name, rule] of Object.entries(rules)) {
    test(name, async () => {
      const opened = await open()
      try {
        await rule(opened.stores)
      } finally {
        await opened.close()
      }
    })
  }
}
