import { beforeEach, describe, expect, it } from 'vitest'
import type { MemberSearch } from '../member-search-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'
import { identity, phone } from './samples.ts'

/** What every implementation must do, on two connections, as two processes would have. */
export function testMemberSearchStore(create: CreateDatabases): void {
  describe('member search', () => {
    const at = useDatabases(create)
    const find = async (search: MemberSearch, limit = 9) =>
      (await at.other.memberSearch.find(search, { after: undefined, limit })).map(({ id }) => id)

    beforeEach(async () => {
      for (const [i, id] of ['m1', 'm2', 'm3', 'm4'].entries()) {
        await at.db.members.create({ id, createdAtMs: Math.floor(i / 2) })
      }
      await at.db.members.addIdentities([
        identity(),
        identity({ scope: 'wx2', subject: 'o1', memberId: 'm2' }),
        identity({ scope: 'wx2', subject: 'o2', memberId: 'm1' }),
        identity({ provider: 'wechat-unionid', scope: '*', subject: 'u1', memberId: 'm3' }),
        phone({ maskedSubject: 'masked', memberId: 'm1' }),
        phone({ subject: 'p2', maskedSubject: 'masked', memberId: 'm4' }),
      ])
      await at.db.members.setState('m4', { state: 'banned', nowMs: 5 })
    })

    it.each([
      [{}, ['m4', 'm3', 'm2', 'm1']],
      [{ id: 'm2' }, ['m2']],
      [{ id: 'm9' }, []],
      [{ identity: { provider: 'wechat-openid', subjects: ['o1'] } }, ['m2', 'm1']],
      [{ identity: { provider: 'wechat-openid', subjects: ['u1'] } }, []],
      [{ identity: { provider: 'wechat-unionid', subjects: ['u1'] } }, ['m3']],
      [{ identity: { provider: 'phone', subjects: ['old', 'p1'] } }, ['m1']],
      [{ identity: { provider: 'phone', subjects: [] } }, []],
      [{ maskedSubjects: ['masked'] }, ['m4', 'm1']],
      [{ maskedSubjects: ['masked'], state: 'active' }, ['m1']],
      [{ maskedSubjects: ['masked'], id: 'm4' }, ['m4']],
      [{ state: 'banned' }, ['m4']],
      [{ state: 'active' }, ['m3', 'm2', 'm1']],
    ] as [MemberSearch, string[]][])('by %j gives %j, newest first', async (search, ids) => {
      expect(await find(search)).toEqual(ids)
    })

    it('is paged without a gap or a repetition, also where times are equal', async () => {
      const seen: string[] = []
      let after: Awaited<ReturnType<typeof at.db.memberSearch.find>>[number] | undefined
      do {
        const page = await at.db.memberSearch.find({}, { after, limit: 3 })
        seen.push(...page.map(({ id }) => id))
        after = page.at(-1)
      } while (after)
      expect(seen).toEqual(['m4', 'm3', 'm2', 'm1'])
    })

    it('of nobody finds nobody', async () => {
      await at.db.members.removeIdentity({ provider: 'wechat-unionid', scope: '*', subject: 'u1' }, 'm3')
      expect(await find({ identity: { provider: 'wechat-unionid', subjects: ['u1'] } })).toEqual([])
      expect(await at.db.memberSearch.seenAt([])).toEqual(new Map())
      expect(await at.db.memberSearch.seenAt(['m1'])).toEqual(new Map())
    })
  })
}
