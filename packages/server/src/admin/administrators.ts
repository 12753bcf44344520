import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Admin, AdminRole } from '../stores/admin-store.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import { type AdminLinks, hasOwner, isOwner, type NewLink } from './links.ts'
import { plainName } from './names.ts'

/** Who may administer, as owners and the command line decide it. */
export interface Administrators {
  list(): Promise<Admin[]>
  /** Whether somebody is an owner who can sign in. */
  hasOwner(): Promise<boolean>
  /**
   * A link by which somebody becomes an administrator: the first one an owner, whatever role is named, and never a second
   * one by such a link.
   */
  invite(role: AdminRole, actor: Actor): Promise<NewLink>
  /** A link by which an administrator gets a new password, and loses their second factor. @throws {HaomaError} `NOT_THERE` */
  reset(id: string, actor: Actor): Promise<NewLink>
  /** The same, by name; `undefined` when nobody has it. */
  resetByName(username: string, actor: Actor): Promise<NewLink | undefined>
  /**
   * Changes role or takes an account away; its sessions follow at once.
   *
   * @throws {HaomaError} `NOT_THERE`; `NOT_POSSIBLE_NOW` when nobody would be left who is an owner.
   */
  change(
    id: string,
    change: { role?: AdminRole | undefined; isDisabled?: boolean | undefined },
    actor: Actor,
  ): Promise<Admin>
  /**
   * Signs an administrator out everywhere, and ends the links that the administrator made and nobody used: with a stolen
   * session, an invitation is the way back in.
   *
   * @throws {HaomaError} `NOT_THERE`
   */
  endSessions(id: string, actor: Actor): Promise<void>
  /**
   * A link that signs in as the administrator of a demo, who has no password; `undefined` once there is an owner. Only for
   * a service that has a simulated WeChat behind it.
   */
  demoLink(actor: Actor): Promise<NewLink | undefined>
}

export interface AdministratorsParts {
  db: Database
  links: AdminLinks
  clock: Clock
  newId: NewId
}

const DEMO_NAME = 'demo'

const lastOwner = {
  zh: '至少要有一位所有者：请先让另一位管理员成为所有者。',
  en: 'Somebody has to be an owner. Make another administrator one first.',
}

export function createAdministrators({ db, links, clock, newId }: AdministratorsParts): Administrators {
  const resetOf = (stores: Stores, admin: Admin, actor: Actor) =>
    links.create(stores, { purpose: 'reset', role: admin.role, admin, actor })

  const demoOwner = async (stores: Stores): Promise<Admin> => {
    const known = await stores.admins.findByName(DEMO_NAME)
    if (known) {
      await stores.admins.change(known.id, { role: 'owner', disabledAtMs: null })
      return known
    }
    const nowMs = clock.now()
    const admin: Admin = {
      id: newId(nowMs),
      username: DEMO_NAME,
      role: 'owner',
      passwordHash: '',
      totpSealed: null,
      totpPendingSealed: null,
      totpStep: null,
      recoveryDigests: [],
      createdAtMs: nowMs,
      seenAtMs: null,
      disabledAtMs: null,
    }
    await stores.admins.add(admin)
    return admin
  }

  return {
    list: () => db.admins.list(),
    hasOwner: () => hasOwner(db),

    invite: (role, actor) =>
      db.transaction(async (stores) => {
        await stores.admins.lockAll()
        if (await hasOwner(stores)) return links.create(stores, { purpose: 'invite', role, actor })
        return links.create(stores, { purpose: 'first-owner', role: 'owner', actor })
      }),

    reset: (id, actor) =>
      db.transaction(async (stores) => {
        const admin = await stores.admins.lock(id)
        if (!admin) throw new HaomaError('NOT_THERE')
        return resetOf(stores, admin, actor)
      }),

    resetByName: (username, actor) =>
      db.transaction(async (stores) => {
        const admin = await stores.admins.findByName(plainName(username))
        return admin && resetOf(stores, admin, actor)
      }),

    change: (id, { role, isDisabled }, actor) =>
      db.transaction(async (stores) => {
        await stores.admins.lockAll()
        const all = await stores.admins.list()
        const admin = all.find((one) => one.id === id)
        if (!admin) throw new HaomaError('NOT_THERE')
        const nowMs = clock.now()
        const disabledAtMs =
          isDisabled === undefined ? admin.disabledAtMs : isDisabled ? (admin.disabledAtMs ?? nowMs) : null
        const changed: Admin = { ...admin, role: role ?? admin.role, disabledAtMs }
        if (!all.map((one) => (one.id === id ? changed : one)).some(isOwner) && all.some(isOwner)) {
          throw new HaomaError('NOT_POSSIBLE_NOW', { text: lastOwner })
        }
        await stores.admins.change(id, { role: changed.role, disabledAtMs })
        if (disabledAtMs !== null) {
          await stores.admins.endSessions(id, { nowMs })
          await stores.admins.endLinks({ adminId: id }, nowMs)
          await stores.admins.endLinks({ createdBy: id }, nowMs)
        }
        const target = { kind: 'admin', id }
        const details = {
          ...(role && { role, before: admin.role }),
          ...(isDisabled !== undefined && { isDisabled }),
        }
        await stores.audit.add([
          auditEntry(actor, { action: 'admin.change', target, details }, { newId, nowMs }),
        ])
        return changed
      }),

    endSessions: (id, actor) =>
      db.transaction(async (stores) => {
        const admin = await stores.admins.lock(id)
        if (!admin) throw new HaomaError('NOT_THERE')
        const nowMs = clock.now()
        const ended = await stores.admins.endSessions(id, { nowMs })
        await stores.admins.endLinks({ createdBy: id }, nowMs)
        const audited = { action: 'admin.end-sessions', target: { kind: 'admin', id }, details: { ended } }
        await stores.audit.add([auditEntry(actor, audited, { newId, nowMs })])
      }),

    demoLink: (actor) =>
      db.transaction(async (stores) => {
        await stores.admins.lockAll()
        if (await hasOwner(stores)) return undefined
        const admin = await demoOwner(stores)
        return links.create(stores, { purpose: 'sign-in', role: 'owner', admin, actor })
      }),
  }
}
