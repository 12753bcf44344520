import type { Kysely } from 'kysely'
import type { Claim, ClaimRequest, ExchangeStore } from '../exchange-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const codeColumns = selectionOf(
  'key',
  'kind',
  'appid',
  'state',
  'surface',
  'owner',
  'openid',
  'unionid',
  'memberId',
  'component',
  'reason',
  'errcode',
  'rid',
  'attempt',
  'createdAtMs',
  'expiresAtMs',
  'settledAtMs',
)

export function createSqlExchangeStore(db: Kysely<Tables>): ExchangeStore {
  const claim = async (request: ClaimRequest): Promise<Claim> => {
    const { nowMs, ...claimed } = request
    const inserted = await db
      .insertInto('codes')
      .values({ ...toRow(claimed), state: 'open', attempt: 1, created_at_ms: nowMs })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning(codeColumns)
      .executeTakeFirst()
    if (inserted) return { outcome: 'claimed', code: inserted }

    const row = await db
      .selectFrom('codes')
      .select([...codeColumns, 'lease_until_ms'])
      .where('key', '=', request.key)
      .executeTakeFirst()
    // Removed between the two statements: it is new again.
    if (!row) return claim(request)
    const { lease_until_ms: heldUntilMs, ...found } = row
    if (request.openid !== null && found.openid !== request.openid) {
      return { outcome: 'foreign' }
    }
    if (found.settledAtMs !== null) return { outcome: 'settled', code: found }

    const taken = await takeOver(request)
    return taken
      ? { outcome: 'claimed', code: taken }
      : { outcome: 'held', leaseUntilMs: heldUntilMs ?? nowMs }
  }

  const takeOver = ({ key, nowMs, leaseOwner, leaseUntilMs }: ClaimRequest) =>
    db
      .updateTable('codes')
      .set((eb) => ({
        lease_owner: leaseOwner,
        lease_until_ms: leaseUntilMs,
        attempt: eb('attempt', '+', 1),
        state: eb
          .case()
          .when('lease_until_ms', 'is', null)
          .then(eb.ref('state'))
          .else(eb.val('unknown' as const))
          .end(),
      }))
      .where('key', '=', key)
      .where('settled_at_ms', 'is', null)
      .where((eb) =>
        eb.or([
          eb('lease_until_ms', 'is', null),
          eb('lease_until_ms', '<=', nowMs),
          eb('lease_owner', '=', leaseOwner),
        ]),
      )
      .returning(codeColumns)
      .executeTakeFirst()

  return {
    claim,

    release: async (key, lease) => {
      await db
        .updateTable('codes')
        .set({
          lease_owner: null,
          lease_until_ms: null,
          ...(lease.state === 'unknown' && { state: lease.state }),
        })
        .where('key', '=', key)
        .where('lease_owner', '=', lease.owner)
        .where('settled_at_ms', 'is', null)
        .execute()
    },

    settle: (key, { state, nowMs, openid, unionid, memberId, reason, errcode, rid }) =>
      db
        .updateTable('codes')
        .set({
          state,
          settled_at_ms: nowMs,
          lease_owner: null,
          lease_until_ms: null,
          unionid: unionid ?? null,
          member_id: memberId ?? null,
          reason: reason ?? null,
          errcode: errcode ?? null,
          rid: rid ?? null,
          ...(openid !== undefined && { openid }),
        })
        .where('key', '=', key)
        .where('settled_at_ms', 'is', null)
        .returning(codeColumns)
        .executeTakeFirst(),

    find: (key) => db.selectFrom('codes').select(codeColumns).where('key', '=', key).executeTakeFirst(),

    listOverdue: (nowMs, limit) =>
      db
        .selectFrom('codes')
        .select(codeColumns)
        .where('settled_at_ms', 'is', null)
        .where('expires_at_ms', '<=', nowMs)
        .where((eb) => eb.or([eb('lease_until_ms', 'is', null), eb('lease_until_ms', '<=', nowMs)]))
        .orderBy('expires_at_ms')
        .limit(limit)
        .execute(),

    removeFinal: async (kind, { createdBeforeMs, limit }) => {
      const { numDeletedRows } = await db
        .deleteFrom('codes')
        .where('key', 'in', (eb) =>
          eb
            .selectFrom('codes')
            .select('key')
            .where('kind', '=', kind)
            .where('created_at_ms', '<', createdBeforeMs)
            .where('settled_at_ms', 'is not', null)
            .orderBy('created_at_ms')
            .limit(limit),
        )
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}
