import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Admin, AdminLink, AdminLinkPurpose, AdminRole } from '../stores/admin-store.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { KnownDevices } from './known-devices.ts'
import { plainName } from './names.ts'
import type { Passwords } from './passwords.ts'
import { type AdminSecrets, randomSecret } from './secrets.ts'
import type { AdminSessions } from './sessions.ts'
import type { SignedIn, SignInPlace } from './sign-in.ts'

/** How long a link can be used, in seconds. */
const lifeS: Readonly<Record<AdminLinkPurpose, number>> = {
  'first-owner': 900,
  invite: 86_400,
  reset: 3600,
  'sign-in': 900,
}

/** A link as it is handed out, once. */
export interface NewLink {
  token: string
  purpose: AdminLinkPurpose
  expiresInS: number
}

/** What a link is for, before it is used. */
export interface LinkView {
  purpose: AdminLinkPurpose
  role: AdminRole
  username: string | null
  expiresInS: number
}

/** What somebody gives who uses a link; which of it is needed depends on the link. */
export interface Claim {
  token: string
  username?: string | undefined
  password?: string | undefined
}

/** One-time links: how administrators are made, and get in again. Each is used once, by whoever is first. */
export interface AdminLinks {
  /** Makes a link inside the caller's transaction. */
  create(
    stores: Stores,
    link: { purpose: AdminLinkPurpose; role: AdminRole; admin?: Admin; actor: Actor },
  ): Promise<NewLink>
  /** @throws {HaomaError} `LINK_INVALID` */
  read(token: string): Promise<LinkView>
  /**
   * Uses a link up and signs in who did.
   *
   * @throws {HaomaError} `LINK_INVALID`, `NAME_TAKEN`, `BAD_REQUEST` when name or password is missing
   */
  claim(claim: Claim, place: SignInPlace): Promise<SignedIn>
}

export interface AdminLinksParts {
  db: Database
  secrets: AdminSecrets
  sessions: AdminSessions
  devices: KnownDevices
  passwords: Passwords
  clock: Clock
  newId: NewId
}

export function createAdminLinks(parts: AdminLinksParts): AdminLinks {
  const { db, secrets, sessions, devices, passwords, clock, newId } = parts

  /** The link and whom it is for, if it can be used now. */
  const findOpen = async (stores: Stores, token: string): Promise<{ link: AdminLink; admin?: Admin }> => {
    const link = await stores.admins.findLink(secrets.digests('link', token))
    if (!link || link.usedAtMs !== null || link.expiresAtMs <= clock.now())
      throw new HaomaError('LINK_INVALID')
    if (link.purpose === 'first-owner' && (await hasOwner(stores))) throw new HaomaError('LINK_INVALID')
    if (link.adminId === null) return { link }
    const admin = await stores.admins.find(link.adminId)
    if (!admin || admin.disabledAtMs !== null) throw new HaomaError('LINK_INVALID')
    return { link, admin }
  }

  const makeAdmin = async (stores: Stores, role: AdminRole, username: string, passwordHash: string) => {
    if (await stores.admins.findByName(username)) throw new HaomaError('NAME_TAKEN')
    const nowMs = clock.now()
    const admin: Admin = {
      id: newId(nowMs),
      username,
      role,
      passwordHash,
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

  /** The first owner takes over from the demo's administrators, who have no password. */
  const retireDemo = async (stores: Stores, nowMs: number) => {
    await stores.admins.endLinks({ purpose: 'first-owner' }, nowMs)
    await stores.admins.endLinks({ purpose: 'sign-in' }, nowMs)
    for (const { id, passwordHash } of await stores.admins.list()) {
      if (passwordHash !== '') continue
      await stores.admins.change(id, { disabledAtMs: nowMs })
      await stores.admins.endSessions(id, { nowMs })
    }
  }

  const use = async (stores: Stores, { link, admin }: { link: AdminLink; admin?: Admin }, given: Given) => {
    const nowMs = clock.now()
    switch (link.purpose) {
      case 'first-owner':
        await retireDemo(stores, nowMs)
        return makeAdmin(stores, link.role, given.username, given.passwordHash)
      case 'invite':
        return makeAdmin(stores, link.role, given.username, given.passwordHash)
      case 'reset': {
        if (!admin) throw new HaomaError('LINK_INVALID')
        const fresh = {
          passwordHash: given.passwordHash,
          totpSealed: null,
          totpPendingSealed: null,
          recoveryDigests: [],
        }
        await stores.admins.change(admin.id, fresh)
        await stores.admins.endSessions(admin.id, { nowMs })
        await stores.admins.endLinks({ adminId: admin.id }, nowMs)
        await stores.admins.endLinks({ createdBy: admin.id }, nowMs)
        return { ...admin, ...fresh }
      }
      case 'sign-in':
        if (!admin) throw new HaomaError('LINK_INVALID')
        return admin
    }
  }

  return {
    create: async (stores, { purpose, role, admin, actor }) => {
      const nowMs = clock.now()
      const token = randomSecret(16)
      await stores.admins.addLink({
        digest: secrets.digest('link', token),
        purpose,
        role,
        adminId: admin?.id ?? null,
        createdBy: actor.actorId,
        createdAtMs: nowMs,
        expiresAtMs: nowMs + lifeS[purpose] * 1000,
        usedAtMs: null,
      })
      const target = admin && { kind: 'admin', id: admin.id }
      await stores.audit.add([
        auditEntry(
          actor,
          { action: 'admin-link.create', target, details: { purpose, role } },
          { newId, nowMs },
        ),
      ])
      return { token, purpose, expiresInS: lifeS[purpose] }
    },

    read: async (token) => {
      const { link, admin } = await findOpen(db, token)
      return {
        purpose: link.purpose,
        role: link.role,
        username: admin?.username ?? null,
        expiresInS: Math.ceil((link.expiresAtMs - clock.now()) / 1000),
      }
    },

    claim: async ({ token, username, password }, place) => {
      // Looked at before a hash is made, which costs time, and again under the lock.
      const { link } = await findOpen(db, token)
      const given = await give(passwords, link.purpose, { username, password })
      const entered = await db.transaction(async (stores) => {
        await stores.admins.lockAll()
        const found = await findOpen(stores, token)
        if (!(await stores.admins.useLink(link.digest, clock.now()))) throw new HaomaError('LINK_INVALID')
        const admin = await use(stores, found, given)
        const opened = await sessions.open(stores, admin, place)
        const { ip, requestId } = place
        const actor: Actor = { actorKind: 'admin', actorId: admin.id, ip, requestId }
        const target = { kind: 'admin', id: admin.id }
        const details = { purpose: link.purpose, role: admin.role, createdBy: link.createdBy }
        await stores.audit.add([
          auditEntry(actor, { action: 'admin-link.use', target, details }, { newId, nowMs: clock.now() }),
        ])
        return { ...opened, admin }
      })
      return { ...entered, device: devices.issue(entered.admin.id) }
    },
  }
}

/** Whether there is an owner who can sign in. The demo's, who has no password, is none. */
export async function hasOwner(stores: Pick<Stores, 'admins'>): Promise<boolean> {
  return (await stores.admins.list()).some(isOwner)
}

export function isOwner({ role, passwordHash, disabledAtMs }: Admin): boolean {
  return role === 'owner' && passwordHash !== '' && disabledAtMs === null
}

interface Given {
  username: string
  passwordHash: string
}

const needs: Readonly<Record<AdminLinkPurpose, { name: boolean; password: boolean }>> = {
  'first-owner': { name: true, password: true },
  invite: { name: true, password: true },
  reset: { name: false, password: true },
  'sign-in': { name: false, password: false },
}

async function give(
  passwords: Passwords,
  purpose: AdminLinkPurpose,
  { username, password }: { username: string | undefined; password: string | undefined },
): Promise<Given> {
  const missing = [
    ...(needs[purpose].name && username === undefined ? ['username'] : []),
    ...(needs[purpose].password && password === undefined ? ['password'] : []),
  ]
  if (missing.length > 0) {
    const message = '这个链接需要填写 / this link needs it'
    throw new HaomaError('BAD_REQUEST', { issues: missing.map((path) => ({ path, message })) })
  }
  return {
    username: plainName(username ?? ''),
    passwordHash: password === undefined ? '' : await passwords.hash(password),
  }
}
