import { type Kysely, sql } from 'kysely'
import type { Admin, AdminStore } from '../admin-store.ts'
import { forUpdate } from './dialects.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** An administrator as its columns hold it: the digests are JSON. */
export interface AdminRecord extends Omit<Admin, 'recoveryDigests'> {
  recoveryDigests: string | null
}

const adminColumns = selectionOf(
  'id',
  'username',
  'role',
  'passwordHash',
  'totpSealed',
  'totpPendingSealed',
  'totpStep',
  'recoveryDigests',
  'createdAtMs',
  'seenAtMs',
  'disabledAtMs',
)
const linkColumns = selectionOf(
  'digest',
  'purpose',
  'role',
  'adminId',
  'createdBy',
  'createdAtMs',
  'expiresAtMs',
  'usedAtMs',
)
const sessionColumns = selectionOf(
  'digest',
  'id',
  'adminId',
  'csrf',
  'ip',
  'userAgent',
  'createdAtMs',
  'seenAtMs',
  'expiresAtMs',
  'endedAtMs',
)

/** The row whose lock lets one at a time decide over who is an administrator. */
const LOCK = 'admins'

export function createSqlAdminStore(db: Kysely<Tables>): AdminStore {
  const admins = () => db.selectFrom('admins').select(adminColumns)

  return {
    add: async (admin) => {
      await db
        .insertInto('admins')
        .values(toRow(toRecord(admin)))
        .execute()
    },
    find: async (id) => {
      const record = await admins().where('id', '=', id).executeTakeFirst()
      return record && toAdmin(record)
    },
    findByName: async (username) => {
      const record = await admins().where('username', '=', username).executeTakeFirst()
      return record && toAdmin(record)
    },
    list: async () => (await admins().orderBy('username').execute()).map(toAdmin),
    lockAll: async () => {
      await db
        .insertInto('counters')
        .values({ name: LOCK, value: 1 })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: sql`counters.value + 1` }))
        .execute()
    },
    lock: async (id) => {
      const record = await admins().where('id', '=', id).$call(forUpdate(db)).executeTakeFirst()
      return record && toAdmin(record)
    },
    change: async (id, { recoveryDigests, ...change }) => {
      const digests =
        recoveryDigests === undefined ? {} : { recoveryDigests: JSON.stringify(recoveryDigests) }
      await db
        .updateTable('admins')
        .set(toRow({ ...change, ...digests }))
        .where('id', '=', id)
        .execute()
    },
    takeTotpStep: async (id, step) => {
      const { numUpdatedRows } = await db
        .updateTable('admins')
        .set({ totp_step: step })
        .where('id', '=', id)
        .where((eb) => eb.or([eb('totp_step', 'is', null), eb('totp_step', '<', step)]))
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    touch: async (id, nowMs) => {
      await db.updateTable('admins').set({ seen_at_ms: nowMs }).where('id', '=', id).execute()
    },

    addLink: async (link) => {
      await db.insertInto('admin_links').values(toRow(link)).execute()
    },
    findLink: (digests) =>
      db
        .selectFrom('admin_links')
        .select(linkColumns)
        .where('digest', 'in', [...digests])
        .executeTakeFirst(),
    listLinks: (nowMs) =>
      db
        .selectFrom('admin_links')
        .select(linkColumns)
        .where('used_at_ms', 'is', null)
        .where('expires_at_ms', '>', nowMs)
        .orderBy('created_at_ms', 'desc')
        .execute(),
    useLink: async (digest, nowMs) => {
      const { numUpdatedRows } = await db
        .updateTable('admin_links')
        .set({ used_at_ms: nowMs })
        .where('digest', '=', digest)
        .where('used_at_ms', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    endLinks: async (of, nowMs) => {
      await db
        .updateTable('admin_links')
        .set({ used_at_ms: nowMs })
        .where('used_at_ms', 'is', null)
        .where((eb) => {
          if ('purpose' in of) return eb('purpose', '=', of.purpose)
          return 'adminId' in of ? eb('admin_id', '=', of.adminId) : eb('created_by', '=', of.createdBy)
        })
        .execute()
    },

    addSession: async (session) => {
      await db.insertInto('admin_sessions').values(toRow(session)).execute()
    },
    findSession: async (digests) => {
      const session = await db
        .selectFrom('admin_sessions')
        .select(sessionColumns)
        .where('digest', 'in', [...digests])
        .executeTakeFirst()
      const record = session && (await admins().where('id', '=', session.adminId).executeTakeFirst())
      return record && { session, admin: toAdmin(record) }
    },
    listSessions: (adminId, nowMs) =>
      db
        .selectFrom('admin_sessions')
        .select(sessionColumns)
        .where('admin_id', '=', adminId)
        .where('ended_at_ms', 'is', null)
        .where('expires_at_ms', '>', nowMs)
        .orderBy('created_at_ms', 'desc')
        .execute(),
    touchSession: async (digest, nowMs) => {
      await db
        .updateTable('admin_sessions')
        .set({ seen_at_ms: nowMs })
        .where('digest', '=', digest)
        .where('seen_at_ms', '<', nowMs)
        .execute()
    },
    endSession: async (id, adminId, nowMs) => {
      const { numUpdatedRows } = await db
        .updateTable('admin_sessions')
        .set({ ended_at_ms: nowMs })
        .where('id', '=', id)
        .where('admin_id', '=', adminId)
        .where('ended_at_ms', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    endSessions: async (adminId, { nowMs, except }) => {
      const { numUpdatedRows } = await db
        .updateTable('admin_sessions')
        .set({ ended_at_ms: nowMs })
        .where('admin_id', '=', adminId)
        .where('ended_at_ms', 'is', null)
        .$if(except !== undefined, (query) => query.where('id', '!=', except ?? ''))
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },
  }
}

function toRecord({ recoveryDigests, ...admin }: Admin): AdminRecord {
  return { ...admin, recoveryDigests: JSON.stringify(recoveryDigests) }
}

function toAdmin({ recoveryDigests, ...admin }: AdminRecord): Admin {
  return { ...admin, recoveryDigests: recoveryDigests === null ? [] : JSON.parse(recoveryDigests) }
}
