/**
 * The rules that every user store keeps, as tests for any runner.
 *
 * @module
 */
import type { UserFacts, UserStore } from './user-store.ts'

/** A user as the store has it, read from its table. */
export interface SavedUser {
  /** Your own id of the user. */
  userId: string
  e164: string | null
  openids: readonly string[]
  isBanned: boolean
}

/** A store under test. */
export interface OpenedUserStore {
  /** Two stores on the same table, as two processes would have. */
  readonly stores: readonly [UserStore, UserStore]
  /** The user of a member. */
  find(memberId: string): Promise<SavedUser | undefined>
  /** How many users there are, without those that were ended by a merge. */
  count(): Promise<number>
  /** Makes a user of before the service, if yours takes such users over by their number. Gives its id. */
  addOldUser?(e164: string): Promise<string>
  close(): Promise<void>
}

/** What {@link testUserStore} takes. */
export interface UserStoreSuite {
  /** `it` or `test` of your runner. */
  readonly test: (name: string, run: () => Promise<void>) => void
  /** Opens a store with no users in it. */
  readonly open: () => Promise<OpenedUserStore>
}

type Rule = (opened: OpenedUserStore) => Promise<void>

const facts = (memberId: string, version: number, change: Partial<UserFacts> = {}): UserFacts => ({
  memberId,
  version,
  isBanned: false,
  openids: [{ appid: 'wx0123456789abcdef', openid: `o-${memberId}` }],
  unionids: [],
  phone: null,
  ...change,
})
const phone = (nationalNumber: string) => ({
  e164: `+86${nationalNumber}`,
  nationalNumber,
  countryCallingCode: '86',
  verifiedAt: new Date('2026-01-01T00:00:00Z'),
})
const first = phone('13800138000')
const second = phone('13900139000')

function check(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(rule)
}

const atOnce = (count: number, work: (turn: number) => Promise<void>) =>
  Promise.all(Array.from({ length: count }, (_, turn) => work(turn)))

const rules: Readonly<Record<string, Rule>> = {
  async 'makes one user of a member whom ten calls save at once'({ stores, find, count }) {
    await atOnce(10, (turn) => stores[turn % 2 === 0 ? 0 : 1].save(facts('m1', 1, { phone: first })))
    check((await count()) === 1, 'there is one user')
    const user = await find('m1')
    check(user?.e164 === first.e164, 'it has the number')
    check(user.openids.includes('o-m1'), 'it has the openid')
  },
  async 'changes what changed, and takes away what is no longer there'({ stores: [one, other], find }) {
    await one.save(facts('m1', 1, { phone: first }))
    const before = await find('m1')
    await other.save(facts('m1', 2, { phone: second, isBanned: true }))
    const changed = await find('m1')
    check(changed?.e164 === second.e164 && changed.isBanned, 'the new number is there, and the ban')
    await one.save(facts('m1', 3))
    const after = await find('m1')
    check(after?.e164 === null && !after.isBanned, 'no number, no ban')
    check(after.userId === before?.userId, 'it is the same user')
  },
  async 'changes nothing by older facts than it has'({ stores: [one, other], find }) {
    await one.save(facts('m1', 3, { phone: second }))
    await other.save(facts('m1', 2, { phone: first, isBanned: true }))
    const user = await find('m1')
    check(user?.e164 === second.e164 && !user.isBanned, 'the newer facts stay')
  },
  async 'ends with the newest facts, in whatever order they come'({ stores, find }) {
    await atOnce(12, (turn) =>
      stores[turn % 2 === 0 ? 0 : 1].save(
        facts('m1', 12 - turn, { phone: phone(`138001380${12 - turn + 10}`) }),
      ),
    )
    check((await find('m1'))?.e164 === '+8613800138022', 'the facts of version 12')
  },
  async 'takes a number that another user still has'({ stores: [one, other], find, count }) {
    await one.save(facts('m1', 1, { phone: first }))
    await other.save(facts('m2', 1, { phone: first }))
    check((await find('m2'))?.e164 === first.e164, 'the second has the number')
    check((await count()) === 2, 'they are two users')
    check((await find('m1'))?.userId !== (await find('m2'))?.userId, 'of two members')
  },
  async 'merges once, however often it is told'({ stores, find, count }) {
    await stores[0].save(facts('from', 1))
    await stores[0].save(facts('into', 1, { phone: first }))
    const into = await find('into')
    await atOnce(4, (turn) => stores[turn % 2 === 0 ? 0 : 1].merge({ from: 'from', into: 'into' }))
    await stores[1].merge({ from: 'from', into: 'into' })
    check((await find('from')) === undefined, 'nobody has the first member any more')
    check((await find('into'))?.userId === into?.userId, 'the second is who it was')
    check((await count()) === 1, 'there is one user')
  },
  async 'merges nobody when nobody has the member'({ stores: [one], find, count }) {
    await one.save(facts('into', 1, { phone: first }))
    await one.merge({ from: 'nobody', into: 'into' })
    check((await count()) === 1, 'there is one user')
    check((await find('into'))?.e164 === first.e164, 'who is as before')
  },
  async 'makes a user again when a merge was taken back'({ stores: [one], find, count }) {
    await one.save(facts('from', 1))
    await one.save(facts('into', 1))
    await one.merge({ from: 'from', into: 'into' })
    await one.save(facts('from', 3, { phone: second }))
    check((await find('from'))?.e164 === second.e164, 'the first is back')
    check((await find('from'))?.userId !== (await find('into'))?.userId, 'as another user')
    check((await count()) === 2, 'there are two')
  },
  async 'erases, however often it is told, also somebody whom it does not know'({ stores, find }) {
    await stores[0].save(facts('m1', 1, { phone: first }))
    await stores[1].save(facts('m2', 1, { phone: second }))
    await atOnce(4, (turn) => stores[turn % 2 === 0 ? 0 : 1].erase('m1'))
    await stores[0].erase('nobody')
    const user = await find('m1')
    check(user === undefined || (user.e164 === null && user.openids.length === 0), 'nothing is left of it')
    check((await find('m2'))?.e164 === second.e164, 'the others are as before')
  },
}

const rulesOfOldUsers: Readonly<Record<string, Rule>> = {
  async 'takes an old user over by its number, and no second member does'({
    stores,
    find,
    count,
    addOldUser,
  }) {
    const oldUser = await addOldUser?.(first.e164)
    await atOnce(2, (turn) => stores[turn === 0 ? 0 : 1].save(facts(`m${turn}`, 1, { phone: first })))
    const owners = [await find('m0'), await find('m1')].filter((user) => user?.userId === oldUser)
    check(owners.length === 1, 'one of the two is the old user')
    check((await count()) === 2, 'the other is a new one')
  },
  async 'leaves an old user with another number alone'({ stores: [one], find, count, addOldUser }) {
    const oldUser = await addOldUser?.(second.e164)
    await one.save(facts('m1', 1, { phone: first }))
    check((await find('m1'))?.userId !== oldUser, 'it is another')
    check((await count()) === 2, 'there are two')
  },
}

/**
 * Registers one test for each rule of a {@link UserStore}.
 *
 * @example
 * import { it } from 'vitest' // or node:test
 * testUserStore({ test: it, open: openMine })
 */
export function testUserStore({ test, open }: UserStoreSuite): void {
  const register = (all: Readonly<Record<string, Rule>>, isFor: (opened: OpenedUserStore) => boolean) => {
    for (const [name, rule] of Object.entries(all)) {
      test(`a user store ${name}`, async () => {
        const opened = await open()
        try {
          if (isFor(opened)) await rule(opened)
        } finally {
          await opened.close()
        }
      })
    }
  }
  register(rules, () => true)
  register(rulesOfOldUsers, ({ addOldUser }) => addOldUser !== undefined)
}
