import { describe, expect, it } from 'vitest'
import type { Admin } from '../admin-store.ts'
import type { ApiKey } from '../api-key-store.ts'
import type { AuditEntry } from '../audit-store.ts'
import type { SavedFilter } from '../saved-filter-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const apiKey: ApiKey = {
  id: 'k1',
  digest: 'k.d1',
  name: 'Prometheus',
  hint: 'abcd',
  scopes: ['metrics'],
  createdBy: 'a1',
  createdAtMs: 1,
  seenAtMs: null,
  expiresAtMs: null,
  revokedAtMs: null,
}
const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'e1',
  atMs: 1,
  actorKind: 'admin',
  actorId: 'a1',
  action: 'member.ban',
  targetKind: 'member',
  targetId: 'm1',
  reason: null,
  details: { a: 1 },
  ip: null,
  requestId: null,
  ...change,
})
const filter = (change: Partial<SavedFilter> = {}): SavedFilter => ({
  id: 'f1',
  adminId: 'a1',
  page: 'logins',
  name: null,
  filterSealed: 'x',
  createdAtMs: 1,
  ...change,
})
const admin = (id: string): Admin => ({
  id,
  username: id,
  role: 'viewer',
  passwordHash: '',
  totpSealed: null,
  totpPendingSealed: null,
  totpStep: null,
  recoveryDigests: [],
  createdAtMs: 1,
  seenAtMs: null,
  disabledAtMs: null,
})

/** What every implementation must do, on two connections, as two processes would have. */
export function testAccessStores(create: CreateDatabases): void {
  describe('API keys, audit and saved filters', () => {
    const at = useDatabases(create)

    it('give a key by any digest of its secret while it lives', async () => {
      await at.db.apiKeys.add({ ...apiKey, expiresAtMs: 10 })
      expect(await at.other.apiKeys.findLiving(['x', 'k.d1'], 9)).toEqual({ ...apiKey, expiresAtMs: 10 })
      expect(await at.other.apiKeys.findLiving(['k.d1'], 10)).toBeUndefined()
      expect(await at.other.apiKeys.findLiving(['k.d2'], 1)).toBeUndefined()
      await at.db.apiKeys.touch('k1', 4)
      expect((await at.other.apiKeys.list())[0]?.seenAtMs).toBe(4)
    })

    it('revoke a key once', async () => {
      await at.db.apiKeys.add(apiKey)
      const revoked = await Promise.all([at.db.apiKeys.revoke('k1', 5), at.other.apiKeys.revoke('k1', 6)])
      expect(revoked.filter(Boolean)).toHaveLength(1)
      expect(await at.db.apiKeys.findLiving(['k.d1'], 1)).toBeUndefined()
      expect(await at.db.apiKeys.list()).toHaveLength(1)
    })

    it('page through the audit without a gap or a repetition, also where times are equal', async () => {
      const entries = Array.from({ length: 7 }, (_, i) => entry({ id: `e${i}`, atMs: Math.floor(i / 3) }))
      await at.db.audit.add(entries)
      const seen: string[] = []
      let after: AuditEntry | undefined
      do {
        const page: AuditEntry[] = await at.other.audit.page({}, { after, limit: 2 })
        seen.push(...page.map(({ id }) => id))
        after = page.at(-1)
      } while (after)
      expect(seen).toEqual(['e6', 'e5', 'e4', 'e3', 'e2', 'e1', 'e0'])
      expect(await at.db.audit.list(1)).toEqual([entries[6]])
    })

    it.each([
      [{ action: 'member.' }, ['e3', 'e1']],
      [{ action: 'member.ban' }, ['e1']],
      [{ action: 'm%.' }, []],
      [{ actorId: 'a2' }, ['e2']],
      [{ targetKind: 'client', targetId: 'c1' }, ['e2']],
      [{ fromMs: 2, toMs: 3 }, ['e2']],
    ])('find the lines of the audit by %j', async (wanted, ids) => {
      await at.db.audit.add([
        entry(),
        entry({ id: 'e2', atMs: 2, action: 'members', targetKind: 'client', targetId: 'c1', actorId: 'a2' }),
        entry({ id: 'e3', atMs: 3, action: 'member.erase' }),
      ])
      const found = await at.db.audit.page(wanted, { after: undefined, limit: 9 })
      expect(found.map(({ id }) => id)).toEqual(ids)
    })

    it('keep filters of one administrator apart from those of others, and forget unnamed ones', async () => {
      await at.db.admins.add(admin('a1'))
      await at.db.admins.add(admin('a2'))
      await at.db.savedFilters.add(filter())
      await at.db.savedFilters.add(filter({ id: 'f2', name: '失败' }))
      expect(await at.other.savedFilters.find('f1')).toEqual(filter())
      expect((await at.db.savedFilters.listNamed('a1', 'logins')).map(({ id }) => id)).toEqual(['f2'])
      expect(await at.db.savedFilters.listNamed('a1', 'members')).toEqual([])
      expect(await at.db.savedFilters.listNamed('a2')).toEqual([])
      const all = await at.other.savedFilters.list()
      expect(all.length).toBeGreaterThan(1)
      await at.db.savedFilters.reseal('f2', 'sealed anew')
      expect(await at.other.savedFilters.list()).toEqual(
        all.map((one) => (one.id === 'f2' ? { ...one, filterSealed: 'sealed anew' } : one)),
      )
      expect(await at.db.savedFilters.remove('f2', 'a2')).toBe(false)
      expect(await at.db.retention.removeBefore('saved_filters', 5, 10)).toBe(1)
      expect(await at.db.savedFilters.find('f1')).toBeUndefined()
      expect(await at.db.savedFilters.remove('f2', 'a1')).toBe(true)
    })
  })
}
