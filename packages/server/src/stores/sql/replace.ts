import { Kysely, type Transaction } from 'kysely'
import type { Stores } from '../database.ts'
import { migrate } from './migrate.ts'
import { tables } from './migrations/0001-tables/index.ts'
import { createPostgresDialect } from './postgres/dialect.ts'
import { createPostgresPool, type PostgresOptions, patient } from './postgres/pool.ts'
import type { RawRow } from './snapshot.ts'
import { createSqliteDialect } from './sqlite/dialect.ts'
import { openLibsql } from './sqlite/libsql.ts'
import { createStores } from './stores.ts'
import type { Tables } from './tables.ts'

/** One transaction over the whole of a database. */
export interface Replacement {
  stores: Stores
  isEmpty(): Promise<boolean>
  /** Ids of members erased here, for whoever puts older rows in their place. */
  erasedMembers(): Promise<string[]>
  /** Removes every row. */
  clear(): Promise<void>
  /** Puts rows in; tables come in the order in which they refer to each other. */
  put(table: string, rows: readonly RawRow[]): Promise<void>
  /** Says again who was merged into whom, once all members are there. */
  joinMerged(): Promise<void>
  /** Ends what must not go on after a restore, and gives the place up to which events count as sent. */
  settle(nowMs: number): Promise<void>
}

/** Where the rows go. */
export type ReplaceTarget = { kind: 'sqlite'; path: string } | { kind: 'postgres'; options: PostgresOptions }

/** Tables that say whether a database was used. */
const telling = ['members', 'codes', 'ledger', 'clients', 'admins', 'apps'] as const
/** What belongs to the moment: leases, limits, tickets, and what was about to be sent. */
const momentary = ['jobs', 'limits', 'admin_sessions', 'admin_links', 'merge_tickets', 'webhook_attempts']
/** Places of events go on behind a gap: whoever read further than the backup misses nothing new. */
const GAP = 1_000_000
/** Rows a statement: below the limit of parameters of both databases. */
const AT_ONCE = 200

/** Runs `work` in one transaction: all of it is stored, or the database stays as it was. */
export async function replaceRows<T>(
  target: ReplaceTarget,
  work: (all: Replacement) => Promise<T>,
): Promise<T> {
  const db = new Kysely<Tables>({ dialect: dialectFor(target) })
  try {
    await migrate(db as Kysely<never>)
    return await db.transaction().execute((trx) => work(createReplacement(trx)))
  } finally {
    await db.destroy()
  }
}

function dialectFor(target: ReplaceTarget) {
  if (target.kind === 'postgres') {
    return createPostgresDialect(createPostgresPool({ ...target.options, ...patient }))
  }
  const writer = openLibsql(target.path)
  return createSqliteDialect({ writer, reader: writer })
}

function createReplacement(trx: Transaction<Tables>): Replacement {
  const merged: { id: RawRow[string]; into: RawRow[string] }[] = []
  // Rows of any table, by names that are ours.
  // biome-ignore lint/suspicious/noExplicitAny: of any tables
  const any = trx as unknown as Transaction<any>
  return {
    stores: createStores(trx),
    isEmpty: async () => {
      for (const name of telling) {
        const row = await any.selectFrom(name).select(any.fn.countAll().as('count')).executeTakeFirst()
        if (Number(row?.count) > 0) return false
      }
      return true
    },
    erasedMembers: async () => {
      const rows = await any.selectFrom('erasures').select('member_id').orderBy('erased_at_ms').execute()
      return rows.map(({ member_id }) => member_id)
    },
    clear: async () => {
      for (const { name } of tables.toReversed()) await any.deleteFrom(name).execute()
    },
    put: async (table, rows) => {
      for (let from = 0; from < rows.length; from += AT_ONCE) {
        const some = rows.slice(from, from + AT_ONCE)
        if (table === 'members') {
          merged.push(
            ...some.flatMap(({ id = null, merged_into: into = null }) =>
              into === null ? [] : [{ id, into }],
            ),
          )
        }
        await any
          .insertInto(table)
          .values(table === 'members' ? some.map((row) => ({ ...row, merged_into: null })) : some)
          .execute()
      }
    },
    joinMerged: async () => {
      for (const { id, into } of merged) {
        await any.updateTable('members').set({ merged_into: into }).where('id', '=', id).execute()
      }
    },
    settle: async (nowMs) => {
      for (const name of momentary) await any.deleteFrom(name).execute()
      await any.deleteFrom('webhook_deliveries').where('state', 'in', ['pending', 'held']).execute()
      await any.deleteFrom('alert_messages').where('state', '=', 'waiting').execute()
      await any.updateTable('codes').set({ lease_owner: null, lease_until_ms: null }).execute()
      await any
        .updateTable('sessions')
        .set({ ended_at_ms: nowMs, end_reason: 'restored' })
        .where('ended_at_ms', 'is', null)
        .execute()
      // A code that was used since the backup would be good again.
      await any.updateTable('sms_requests').set({ code_digest: null }).execute()
      const { events } = createStores(trx)
      while ((await events.place(AT_ONCE)) > 0) {}
      await any
        .updateTable('counters')
        .set((eb) => ({ value: eb('value', '+', GAP) }))
        .where('name', '=', 'events')
        .execute()
      const place = await any
        .selectFrom('counters')
        .select('value')
        .where('name', '=', 'events')
        .executeTakeFirst()
      await any
        .updateTable('webhook_endpoints')
        .set({ from_position: place?.value ?? 0 })
        .execute()
    },
  }
}
