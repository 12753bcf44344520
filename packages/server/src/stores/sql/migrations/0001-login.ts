import { type Kysely, type Migration, sql } from 'kysely'

/**
 * The tables of the login: codes, ledger, members, their identities, sessions and signing keys.
 *
 * Only types and clauses that SQLite and PostgreSQL both take: ids are text, points in time are whole
 * milliseconds.
 */
export const login: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('codes')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('appid', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('openid', 'text')
      .addColumn('unionid', 'text')
      .addColumn('member_id', 'text')
      .addColumn('component', 'text')
      .addColumn('reason', 'text')
      .addColumn('errcode', 'integer')
      .addColumn('rid', 'text')
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('lease_owner', 'text')
      .addColumn('lease_until_ms', 'bigint')
      .addColumn('foreign_claims', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('last_foreign_claim_at_ms', 'bigint')
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('settled_at_ms', 'bigint')
      .execute()
    await db.schema
      .createIndex('codes_overdue')
      .on('codes')
      .column('expires_at_ms')
      .where(sql.ref('settled_at_ms'), 'is', null)
      .execute()
    await db.schema.createIndex('codes_by_age').on('codes').columns(['kind', 'created_at_ms']).execute()

    await db.schema
      .createTable('ledger')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('code_key', 'text', (c) => c.notNull().unique())
      .addColumn('appid', 'text', (c) => c.notNull())
      .addColumn('component', 'text', (c) => c.notNull())
      .addColumn('price_li', 'integer', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('openid', 'text')
      .addColumn('member_id', 'text')
      .addColumn('reason', 'text')
      .addColumn('errcode', 'integer')
      .addColumn('rid', 'text')
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('seen_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('settled_at_ms', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('ledger_by_time').on('ledger').columns(['appid', 'seen_at_ms']).execute()

    await db.schema
      .createTable('members')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('merged_into', 'text', (c) => c.references('members.id'))
      .addColumn('merged_at_ms', 'bigint')
      .execute()

    await db.schema
      .createTable('identities')
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('member_id', 'text', (c) => c.notNull().references('members.id'))
      .addColumn('sealed', 'text')
      .addColumn('country', 'text')
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('verified_at_ms', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('identities_pk', ['provider', 'scope', 'subject'])
      .execute()
    await db.schema.createIndex('identities_by_member').on('identities').column('member_id').execute()
    await db.schema
      .createIndex('identities_one_phone')
      .on('identities')
      .column('member_id')
      .unique()
      .where(sql.ref('provider'), '=', sql.lit('phone'))
      .execute()

    await db.schema
      .createTable('sessions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('member_id', 'text', (c) => c.notNull().references('members.id'))
      .addColumn('appid', 'text', (c) => c.notNull())
      .addColumn('openid', 'text', (c) => c.notNull())
      .addColumn('salt', 'text', (c) => c.notNull())
      .addColumn('generation', 'integer', (c) => c.notNull())
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('rotated_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('ended_at_ms', 'bigint')
      .addColumn('end_reason', 'text')
      .execute()
    await db.schema.createIndex('sessions_by_member').on('sessions').column('member_id').execute()
    await db.schema.createIndex('sessions_by_expiry').on('sessions').column('expires_at_ms').execute()

    await db.schema
      .createTable('signing_keys')
      .addColumn('kid', 'text', (c) => c.primaryKey())
      .addColumn('alg', 'text', (c) => c.notNull())
      .addColumn('public_jwk', 'text', (c) => c.notNull())
      .addColumn('sealed_private_jwk', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
      .addColumn('retired_at_ms', 'bigint')
      .execute()
    await db.schema
      .createIndex('signing_keys_one_active')
      .on('signing_keys')
      .column('alg')
      .unique()
      .where(sql.ref('retired_at_ms'), 'is', null)
      .execute()
  },
}
