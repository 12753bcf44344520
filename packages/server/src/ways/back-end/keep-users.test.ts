import { afterEach, describe, expect, it } from 'vitest'
import { appid, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { apps } from '../../../test/support/simulated-wechat.ts'
import type { UserFacts, UserStore } from './user-store.ts'
import { type OpenedUserStore, testUserStore } from './user-store-conformance.ts'

/** The smallest table that keeps the rules. */
function createTable() {
  const users = new Map<string, UserFacts & { userId: string }>()
  let made = 0
  const store: UserStore = {
    save: async (facts) => {
      const known = users.get(facts.memberId)
      if (known && known.version > facts.version) return
      made += known ? 0 : 1
      users.set(facts.memberId, { ...facts, userId: known?.userId ?? `u${made}` })
    },
    merge: async ({ from }) => void users.delete(from),
    erase: async (memberId) => void users.delete(memberId),
  }
  return { users, store }
}

testUserStore({
  test: it,
  open: async (): Promise<OpenedUserStore> => {
    const { users, store } = createTable()
    const view = ({ userId, phone, openids, isBanned }: UserFacts & { userId: string }) => ({
      userId,
      isBanned,
      e164: phone?.e164 ?? null,
      openids: openids.map(({ openid }) => openid),
    })
    return {
      stores: [store, store],
      find: async (memberId) => {
        const user = users.get(memberId)
        return user && view(user)
      },
      count: async () => users.size,
      close: async () => {},
    }
  },
})

let fixture: Fixture
afterEach(() => fixture?.close())

const login = async (user: string, at = appid, phoneOf: string | false = user) => {
  const body = {
    appid: at,
    loginCode: await fixture.wechat.loginCode(user, at),
    ...(phoneOf !== false && { phoneCode: await fixture.wechat.phoneCode(phoneOf, { appid: at }) }),
  }
  return (await fixture.post('/v1/login', body)).body
}

describe('a member store', () => {
  it('has the user, with the number, before the login is answered', async () => {
    const { users, store } = createTable()
    fixture = await startFixture({ memberStore: store })
    const { member } = await login('李雷')
    expect(users.get(member.id)).toMatchObject({
      memberId: member.id,
      isBanned: false,
      openids: [{ appid, openid: expect.stringMatching(/^o/) }],
      phone: { e164: '+8613580006666', nationalNumber: '13580006666', countryCallingCode: '86' },
    })
    expect(fixture.log()).not.toContain('13580006666')
  })

  it('hears of an openid that is linked later, of a ban, an unbound number and an erasure', async () => {
    const { users, store } = createTable()
    fixture = await startFixture({ memberStore: store })
    const { member } = await login('李雷', apps.shop.appid)
    await login('李雷', apps.single.appid)
    const { members, privacy } = fixture.haoma.people
    expect(
      users
        .get(member.id)
        ?.openids.map(({ appid }) => appid)
        .sort(),
    ).toEqual([apps.shop.appid, apps.single.appid].sort())
    await members.ban(member.id, 'owner')
    expect(users.get(member.id)?.isBanned).toBe(true)
    await members.unbind(member.id, { appid })
    expect(users.get(member.id)?.phone).toBeNull()
    await privacy.eraseMember(member.id, { kind: 'admin', id: 'a1', reason: 'asked' } as never)
    expect(users.has(member.id)).toBe(false)
  })

  it('moves the user of a member who became part of another', async () => {
    const { users, store } = createTable()
    const moves: unknown[] = []
    const merge: UserStore['merge'] = async (members) => {
      moves.push(members)
      await store.merge(members)
    }
    fixture = await startFixture({ memberStore: { ...store, merge } })
    const bare = (await login('韩梅梅', appid, false)).member
    const owner = (await login('李雷', apps.shop.appid)).member
    await fixture.db.transaction((stores) =>
      fixture.haoma.people.merging.join(stores, {
        from: bare.id,
        into: owner.id,
        reason: 'same-number',
        actor: 'member',
        appid,
      }),
    )
    await fixture.haoma.housekeep()
    expect(moves).toContainEqual({ from: bare.id, into: owner.id })
    expect([...users.keys()]).toEqual([owner.id])
  })

  it('fails no login when it fails, and is brought up to date by the job', async () => {
    const { users, store } = createTable()
    let isBroken = true
    const save: UserStore['save'] = async (facts) => {
      if (isBroken) throw new Error('the table is locked')
      await store.save(facts)
    }
    fixture = await startFixture({ memberStore: { ...store, save } })
    const { member } = await login('李雷')
    expect(member.phone.bound).toBe(true)
    expect(fixture.log()).toContain('the table is locked')
    await fixture.haoma.housekeep()
    expect(users.size).toBe(0)
    isBroken = false
    await fixture.advance(3_600_000)
    await fixture.haoma.housekeep()
    expect(users.get(member.id)?.phone?.e164).toBe('+8613580006666')
  })

  it('keeps a member that fails for another try, and goes on with the others', async () => {
    const { users, store } = createTable()
    const failing = new Set<string>()
    const save: UserStore['save'] = async (facts) => {
      if (failing.has(facts.memberId)) throw new Error('bad row')
      await store.save(facts)
    }
    fixture = await startFixture()
    const first = (await login('李雷')).member
    const second = (await login('韩梅梅')).member
    failing.add(first.id)
    const other = await fixture.startAnother({ memberStore: { ...store, save } })
    await other.haoma.housekeep()
    expect([...users.keys()]).toEqual([second.id])
    failing.clear()
    await fixture.advance(3_600_000)
    await other.haoma.housekeep()
    expect([...users.keys()].sort()).toEqual([first.id, second.id].sort())
  })

  it('does not keep a login waiting when it hangs', async () => {
    fixture = await startFixture({
      memberStore: {
        save: () => new Promise((resolve) => setTimeout(resolve, 4000).unref()),
        merge: async () => {},
        erase: async () => {},
      },
    })
    expect((await login('李雷')).member.phone.bound).toBe(true)
  })

  it('ends with what is true when a writer was overtaken by a later change', async () => {
    const { users, store } = createTable()
    let onFirstSave: (() => Promise<void>) | undefined
    const save: UserStore['save'] = async (facts) => {
      const overtake = onFirstSave
      onFirstSave = undefined
      await overtake?.()
      // No rule about versions here: the last to write wins, as in a careless store.
      users.set(facts.memberId, { ...facts, userId: 'u1' })
    }
    fixture = await startFixture({ memberStore: { ...store, save } })
    const { member } = await login('李雷')
    onFirstSave = async () => void (await fixture.haoma.people.members.unbind(member.id, { appid }))
    await fixture.haoma.people.members.ban(member.id, 'owner')
    expect(users.get(member.id)).toMatchObject({ isBanned: true, phone: null })
  })
})
