import { randomUUID } from 'node:crypto'

/**
 * Users of a shop, kept in step with the members of the service. Everything that one call does is one transaction, and
 * the unique member id decides between two calls at once.
 *
 * @param {import('kysely').Kysely<any>} db
 * @returns {import('@haoma/server').UserStore}
 */
export function createUserStore(db) {
  const transaction = (work) => db.transaction().execute(work)
  return {
    save: (facts) =>
      transaction(async (trx) => {
        await makeUser(trx, facts)
        const { numUpdatedRows } = await trx
          .updateTable('users')
          .set({
            phone: facts.phone?.e164 ?? null,
            is_banned: facts.isBanned ? 1 : 0,
            member_version: facts.version,
          })
          .where('member_id', '=', facts.memberId)
          .where('member_version', '<=', facts.version)
          .executeTakeFirstOrThrow()
        if (numUpdatedRows > 0n) await writeOpenids(trx, facts)
      }),

    merge: ({ from, into }) =>
      transaction(async (trx) => {
        const [gone, kept] = [await findUser(trx, from), await findUser(trx, into)]
        if (!gone || !kept) return
        await trx.updateTable('orders').set({ user_id: kept.id }).where('user_id', '=', gone.id).execute()
        await trx.deleteFrom('user_openids').where('user_id', '=', gone.id).execute()
        await trx.deleteFrom('users').where('id', '=', gone.id).execute()
      }),

    erase: (memberId) =>
      transaction(async (trx) => {
        const user = await findUser(trx, memberId)
        if (!user) return
        await trx.deleteFrom('user_openids').where('user_id', '=', user.id).execute()
        // The orders stay, of nobody.
        await trx
          .updateTable('users')
          .set({ phone: null, member_id: null, member_version: 0 })
          .where('id', '=', user.id)
          .execute()
      }),
  }
}

const findUser = (db, memberId) =>
  db.selectFrom('users').select('id').where('member_id', '=', memberId).executeTakeFirst()

/** Sees to it that the member has a user: the one it has, an old one with its number, or a new one. */
async function makeUser(db, { memberId, phone }) {
  if (await findUser(db, memberId)) return
  if (phone && (await takeOver(db, memberId, phone.e164))) return
  await db
    .insertInto('users')
    .values({ id: randomUUID(), member_id: memberId })
    // Somebody else made it a moment ago.
    .onConflict((conflict) => conflict.column('member_id').doNothing())
    .execute()
}

/** A customer of before the service, whom no other member has taken. */
async function takeOver(db, memberId, e164) {
  const old = await db
    .selectFrom('users')
    .select('id')
    .where('phone', '=', e164)
    .where('member_id', 'is', null)
    .executeTakeFirst()
  if (!old) return false
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ member_id: memberId })
    .where('id', '=', old.id)
    .where('member_id', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

async function writeOpenids(db, { memberId, openids }) {
  const user = await findUser(db, memberId)
  await db.deleteFrom('user_openids').where('user_id', '=', user.id).execute()
  for (const { appid, openid } of openids) {
    await db
      .insertInto('user_openids')
      .values({ appid, openid, user_id: user.id })
      // It was somebody else's, who became part of this one or will be told in a moment.
      .onConflict((conflict) => conflict.columns(['appid', 'openid']).doUpdateSet({ user_id: user.id }))
      .execute()
  }
}
