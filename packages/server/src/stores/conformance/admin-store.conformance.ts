import { describe, expect, it } from 'vitest'
import type { Admin, AdminLink, AdminSession } from '../admin-store.ts'
import { StoreConflictError } from '../errors.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

const admin = (change: Partial<Admin> = {}): Admin => ({
  id: 'a1',
  username: 'li',
  role: 'owner',
  passwordHash: 'h',
  totpSealed: null,
  totpPendingSealed: null,
  totpStep: null,
  recoveryDigests: ['k.1', 'k.2'],
  createdAtMs: 1,
  seenAtMs: null,
  disabledAtMs: null,
  ...change,
})
const link = (change: Partial<AdminLink> = {}): AdminLink => ({
  digest: 'k.l1',
  purpose: 'invite',
  role: 'viewer',
  adminId: null,
  createdBy: 'a1',
  createdAtMs: 1,
  expiresAtMs: 100,
  usedAtMs: null,
  ...change,
})
const session = (change: Partial<AdminSession> = {}): AdminSession => ({
  digest: 'k.s1',
  id: 's1',
  adminId: 'a1',
  csrf: 'c',
  ip: '10.0.0.1',
  userAgent: null,
  createdAtMs: 1,
  seenAtMs: 1,
  expiresAtMs: 100,
  endedAtMs: null,
  ...change,
})

/** What every implementation must do, on two connections, as two processes would have. */
export function testAdminStore(create: CreateDatabases): void {
  describe('administrator store', () => {
    const at = useDatabases(create)

    it('gives an administrator as it was written, by id and by name, and no name twice', async () => {
      await at.db.admins.add(admin())
      expect(await at.other.admins.find('a1')).toEqual(admin())
      expect(await at.other.admins.findByName('li')).toEqual(admin())
      await expect(at.other.admins.add(admin({ id: 'a2' }))).rejects.toThrow(StoreConflictError)
      await at.db.admins.add(admin({ id: 'a3', username: 'an', role: 'viewer' }))
      expect((await at.db.admins.list()).map(({ username }) => username)).toEqual(['an', 'li'])
    })

    it('changes what is named and nothing else', async () => {
      await at.db.admins.add(admin())
      await at.db.admins.change('a1', { role: 'viewer', recoveryDigests: ['k.2'] })
      await at.db.admins.touch('a1', 9)
      expect(await at.other.admins.find('a1')).toEqual(
        admin({ role: 'viewer', recoveryDigests: ['k.2'], seenAtMs: 9 }),
      )
    })

    it('takes a time step of one-time codes once, and none before it', async () => {
      await at.db.admins.add(admin())
      const taken = await Promise.all([
        at.db.admins.takeTotpStep('a1', 7),
        at.other.admins.takeTotpStep('a1', 7),
      ])
      expect(taken.filter(Boolean)).toHaveLength(1)
      expect(await at.db.admins.takeTotpStep('a1', 6)).toBe(false)
      expect(await at.db.admins.takeTotpStep('a1', 8)).toBe(true)
    })

    it('lets one at a time decide over who is an administrator', async () => {
      const decide = (db: typeof at.db, id: string) =>
        db.transaction(async ({ admins }) => {
          await admins.lockAll()
          if ((await admins.list()).length > 0) return false
          await admins.add(admin({ id, username: id }))
          return true
        })
      const made = await Promise.all([
        decide(at.db, 'a1'),
        decide(at.other, 'a2'),
        decide(at.db, 'a3'),
        decide(at.other, 'a4'),
      ])
      expect(made.filter(Boolean)).toHaveLength(1)
      expect(await at.db.admins.list()).toHaveLength(1)
    })

    it('lets one of two use a link', async () => {
      await at.db.admins.addLink(link())
      expect(await at.other.admins.findLink(['x', 'k.l1'])).toEqual(link())
      const used = await Promise.all([at.db.admins.useLink('k.l1', 5), at.other.admins.useLink('k.l1', 6)])
      expect(used.filter(Boolean)).toHaveLength(1)
      expect(await at.db.admins.listLinks(5)).toEqual([])
    })

    it('ends the open links of a purpose, and those for an administrator', async () => {
      await at.db.admins.add(admin())
      await at.db.admins.addLink(link())
      await at.db.admins.addLink(link({ digest: 'k.l2', purpose: 'first-owner' }))
      await at.db.admins.addLink(link({ digest: 'k.l3', purpose: 'reset', adminId: 'a1', createdAtMs: 2 }))
      await at.db.admins.endLinks({ purpose: 'first-owner' }, 5)
      expect((await at.other.admins.listLinks(5)).map(({ digest }) => digest)).toEqual(['k.l3', 'k.l1'])
      await at.db.admins.endLinks({ adminId: 'a1' }, 6)
      expect((await at.other.admins.listLinks(6)).map(({ digest }) => digest)).toEqual(['k.l1'])
      await at.db.admins.addLink(link({ digest: 'k.l4', createdBy: 'a2' }))
      await at.db.admins.endLinks({ createdBy: 'a2' }, 7)
      expect((await at.other.admins.listLinks(7)).map(({ digest }) => digest)).toEqual(['k.l1'])
      expect(await at.db.admins.listLinks(100)).toEqual([])
    })

    it('gives a session beside its administrator, and ends sessions one by one or all but one', async () => {
      await at.db.admins.add(admin())
      await at.db.admins.addSession(session())
      await at.db.admins.addSession(session({ digest: 'k.s2', id: 's2', createdAtMs: 2 }))
      await at.db.admins.addSession(session({ digest: 'k.s3', id: 's3', createdAtMs: 3 }))
      expect(await at.other.admins.findSession(['k.s1'])).toEqual({ session: session(), admin: admin() })
      await at.db.admins.touchSession('k.s1', 9)
      await at.db.admins.touchSession('k.s1', 8)
      expect((await at.other.admins.findSession(['k.s1']))?.session.seenAtMs).toBe(9)

      expect(await at.db.admins.endSession('s1', 'a2', 5)).toBe(false)
      expect(await at.db.admins.endSession('s1', 'a1', 5)).toBe(true)
      expect(await at.other.admins.endSession('s1', 'a1', 6)).toBe(false)
      expect((await at.db.admins.listSessions('a1', 5)).map(({ id }) => id)).toEqual(['s3', 's2'])
      expect(await at.db.admins.endSessions('a1', { nowMs: 7, except: 's3' })).toBe(1)
      expect((await at.db.admins.listSessions('a1', 7)).map(({ id }) => id)).toEqual(['s3'])
      expect(await at.db.admins.listSessions('a1', 100)).toEqual([])
    })
  })
}
