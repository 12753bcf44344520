import type { Kysely } from 'kysely'
import type { Claim, ClaimRequest, CodeRecord, CodeStore } from '../code-store.ts'
import type { Tables } from './schema.ts'

const columns = [
  'key',
  'kind',
  'appid',
  'state',
  'openid',
  'unionid',
  'memberId',
  'component',
  'reason',
  'errcode',
  'rid',
  'attempts',
  'createdAtMs',
  'expiresAtMs',
  'settledAtMs',
] as const satisfies readonly (keyof CodeRecord)[]

export function createSqlCodeStore(db: Kysely<Tables>): CodeStore {
  const find = (key: string) =>
    db
      .selectFrom('codes')
      .select([...columns, 'leaseUntilMs'])
      .where('key', '=', key)
      .executeTakeFirst()

  const claim = async (request: ClaimRequest): Promise<Claim> => {
    const { leaseOwner, leaseUntilMs, nowMs } = request
    const { key, kind, appid, openid, component, expiresAtMs } = request
    const inserted = await db
      .insertInto('codes')
      .values({
        ...{ key, kind, appid, openid, component, expiresAtMs, leaseOwner, leaseUntilMs },
        ...{ state: 'open', attempts: 1, foreignClaims: 0, createdAtMs: nowMs },
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning(columns)
      .executeTakeFirst()
    if (inserted) return { outcome: 'claimed', code: inserted }

    const row = await find(key)
    // Removed between the two statements: it is new again.
    if (!row) return claim(request)
    const { leaseUntilMs: heldUntilMs, ...code } = row
    if (openid !== null && code.openid !== openid) {
      await noteForeignClaim(key, nowMs)
      return { outcome: 'foreign' }
    }
    if (code.settledAtMs !== null) return { outcome: 'settled', code }

    const taken = await takeOver(request)
    return taken
      ? { outcome: 'claimed', code: taken }
      : { outcome: 'held', leaseUntilMs: heldUntilMs ?? nowMs }
  }

  const takeOver = ({ key, nowMs, leaseOwner, leaseUntilMs }: ClaimRequest) =>
    db
      .updateTable('codes')
      .set((eb) => ({
        leaseOwner,
        leaseUntilMs,
        attempts: eb('attempts', '+', 1),
        state: eb
          .case()
          .when('leaseUntilMs', 'is', null)
          .then(eb.ref('state'))
          .else(eb.val('unknown' as const))
          .end(),
      }))
      .where('key', '=', key)
      .where('settledAtMs', 'is', null)
      .where((eb) =>
        eb.or([
          eb('leaseUntilMs', 'is', null),
          eb('leaseUntilMs', '<=', nowMs),
          eb('leaseOwner', '=', leaseOwner),
        ]),
      )
      .returning(columns)
      .executeTakeFirst()

  const noteForeignClaim = (key: string, nowMs: number) =>
    db
      .updateTable('codes')
      .set((eb) => ({ foreignClaims: eb('foreignClaims', '+', 1), lastForeignClaimAtMs: nowMs }))
      .where('key', '=', key)
      .execute()

  return {
    claim,

    release: async (key, lease) => {
      await db
        .updateTable('codes')
        .set({
          leaseOwner: null,
          leaseUntilMs: null,
          ...(lease.state === 'unknown' && { state: lease.state }),
        })
        .where('key', '=', key)
        .where('leaseOwner', '=', lease.owner)
        .where('settledAtMs', 'is', null)
        .execute()
    },

    settle: (key, settlement) =>
      db
        .updateTable('codes')
        .set({
          state: settlement.state,
          settledAtMs: settlement.nowMs,
          leaseOwner: null,
          leaseUntilMs: null,
          unionid: settlement.unionid ?? null,
          memberId: settlement.memberId ?? null,
          reason: settlement.reason ?? null,
          errcode: settlement.errcode ?? null,
          rid: settlement.rid ?? null,
          ...(settlement.openid !== undefined && { openid: settlement.openid }),
        })
        .where('key', '=', key)
        .where('settledAtMs', 'is', null)
        .returning(columns)
        .executeTakeFirst(),

    find: (key) => db.selectFrom('codes').select(columns).where('key', '=', key).executeTakeFirst(),

    listOverdue: (nowMs, limit) =>
      db
        .selectFrom('codes')
        .select(columns)
        .where('settledAtMs', 'is', null)
        .where('expiresAtMs', '<=', nowMs)
        .where((eb) => eb.or([eb('leaseUntilMs', 'is', null), eb('leaseUntilMs', '<=', nowMs)]))
        .orderBy('expiresAtMs')
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
            .where('createdAtMs', '<', createdBeforeMs)
            .where('settledAtMs', 'is not', null)
            .orderBy('createdAtMs')
            .limit(limit),
        )
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}
