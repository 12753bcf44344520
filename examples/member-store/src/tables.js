/**
 * The tables of a shop. What makes `users` fit for the service: a member id that is unique, and its version.
 *
 * @param {import('kysely').Kysely<any>} db
 */
export async function createTables(db) {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('phone', 'text')
    .addColumn('is_banned', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('member_id', 'text', (column) => column.unique())
    .addColumn('member_version', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema.createIndex('users_by_phone').on('users').column('phone').execute()
  await db.schema
    .createTable('user_openids')
    .addColumn('appid', 'text', (column) => column.notNull())
    .addColumn('openid', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addPrimaryKeyConstraint('user_openids_key', ['appid', 'openid'])
    .execute()
  await db.schema
    .createTable('orders')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .execute()
}
