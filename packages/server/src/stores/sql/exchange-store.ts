import { type Kysely, sql } from 'kysely'
import type { CodeRecord, ExchangeStore, Intent, Lease, Opened, Settlement } from '../exchange-store.ts'
import { sharedNow } from './dialects.ts'
import { preparedBy } from './prepared.ts'
import { columnName, type Row, selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

const codeColumns = selectionOf(
  'key',
  'kind',
  'appid',
  'state',
  'surface',
  'owner',
  'component',
  'openid',
  'unionid',
  'memberId',
  'sessionId',
  'deviceId',
  'reason',
  'errcode',
  'rid',
  'requestId',
  'clientVersion',
  'build',
  'platform',
  'maskedSubject',
  'answerSealed',
  'attempt',
  'replays',
  'wechatMs',
  'consentedAtMs',
  'createdAtMs',
  'expiresAtMs',
  'settledAtMs',
)

const leaseColumns = selectionOf('leaseOwner', 'leaseUntilMs')

/** A code beside its lease and the time by the clock of the leases. */
type Found = CodeRecord & { leaseOwner: string | null; leaseUntilMs: number | null; atMs: number }

const intentFields = [
  'key',
  'kind',
  'appid',
  'surface',
  'owner',
  'component',
  'openid',
  'deviceId',
  'requestId',
  'clientVersion',
  'build',
  'platform',
] as const satisfies (keyof Intent)[]

/** What is not known of a code when it is written down. */
const unknownYet = {
  unionid: null,
  memberId: null,
  sessionId: null,
  reason: null,
  errcode: null,
  rid: null,
  maskedSubject: null,
  answerSealed: null,
  wechatMs: null,
  consentedAtMs: null,
  settledAtMs: null,
}

interface Opening {
  intents: readonly Intent[]
  lease: Lease
  lifeMs: number
}

/** Writes down so many intents. */
const insertIntents = preparedBy((count: number) => (db, { intents, lease, lifeMs }: Opening) => {
  const now = sharedNow(db, lease.nowMs)
  const rows = Array.from({ length: count }, (_, i) => ({
    ...(Object.fromEntries(
      intentFields.map((field) => [columnName(field), intents[i]?.[field]]),
    ) as Row<Intent>),
    state: 'open' as const,
    attempt: 1,
    replays: 0,
    lease_owner: lease.owner,
    lease_until_ms: sql<number>`${now} + ${lease.forMs}`,
    created_at_ms: now,
    expires_at_ms: sql<number>`${now} + ${lifeMs}`,
  }))
  return db
    .insertInto('codes')
    .values(rows)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning(['key', 'created_at_ms as createdAtMs', 'expires_at_ms as expiresAtMs'])
})

/** Settles a code with facts of these names, and with the fence or without. */
const settleCode = preparedBy((shape: string) => {
  const [fence, ...facts] = shape.split(' ')
  return (db, values: Settlement & Record<string, unknown>) =>
    db
      .updateTable('codes')
      .set({
        ...Object.fromEntries(facts.map((field) => [columnName(field), values[field]])),
        state: values.state,
        settled_at_ms: sharedNow(db, values.nowMs),
        lease_owner: null,
        lease_until_ms: null,
      })
      .where('key', '=', values.key)
      .where('settled_at_ms', 'is', null)
      .$if(fence === 'fenced', (query) => query.where('attempt', '=', values.attempt as number))
      .returning(codeColumns)
})

export function createSqlExchangeStore(db: Kysely<Tables>): ExchangeStore {
  const insert = async (
    intents: readonly Intent[],
    lease: Lease,
    lifeMs: number,
  ): Promise<Map<string, CodeRecord>> => {
    const { rows } = await insertIntents(intents.length)(db, { intents, lease, lifeMs })
    const times = new Map(rows.map(({ key, ...row }) => [key, row]))
    return new Map(
      intents.flatMap((intent) => {
        const life = times.get(intent.key)
        return life
          ? [[intent.key, { ...unknownYet, ...intent, ...life, state: 'open', attempt: 1, replays: 0 }]]
          : []
      }),
    )
  }

  const select = (keys: readonly string[], nowMs: number): Promise<Found[]> =>
    db
      .selectFrom('codes')
      .select([...codeColumns, ...leaseColumns, sharedNow(db, nowMs).as('atMs')])
      .where('key', 'in', keys)
      .execute()

  /**
   * Takes a free code over; the fence decides between two who saw it free.
   *
   * @param given - What it is given: an owner and its life, when nobody brought it before.
   */
  const takeOver = (found: Found, lease: Lease, given: object = {}) => {
    const now = sharedNow(db, lease.nowMs)
    return db
      .updateTable('codes')
      .set({
        ...given,
        lease_owner: lease.owner,
        lease_until_ms: sql<number>`${now} + ${lease.forMs}`,
        attempt: found.attempt + 1,
        ...(found.leaseUntilMs !== null && { state: 'unknown' }),
      })
      .where('key', '=', found.key)
      .where('attempt', '=', found.attempt)
      .where('settled_at_ms', 'is', null)
      .where((eb) =>
        eb.or([
          eb('lease_until_ms', 'is', null),
          eb('lease_until_ms', '<=', now),
          eb('lease_owner', '=', lease.owner),
        ]),
      )
      .returning(codeColumns)
      .executeTakeFirst()
  }

  const openOne = async (
    intent: Intent,
    found: Found,
    { lease, lifeMs }: { lease: Lease; lifeMs: number },
  ): Promise<Opened> => {
    const { leaseOwner, leaseUntilMs, atMs, ...code } = found
    if (code.surface === 'telemetry' && code.settledAtMs === null) {
      const now = sharedNow(db, lease.nowMs)
      const life = { created_at_ms: now, expires_at_ms: sql<number>`${now} + ${lifeMs}` }
      const taken = await takeOver(found, lease, { ...toRow(intent), ...life })
      return taken ? { outcome: 'taken', wasHeld: false, code: taken, atMs } : { outcome: 'held', code, atMs }
    }
    if (code.owner !== intent.owner || code.surface !== intent.surface)
      return { outcome: 'foreign', code, atMs }
    if (code.settledAtMs !== null) return { outcome: 'settled', code, atMs }
    const isHeld = leaseUntilMs !== null && leaseUntilMs > atMs && leaseOwner !== lease.owner
    if (isHeld) return { outcome: 'held', code, atMs }
    const taken = await takeOver(found, lease)
    return taken
      ? { outcome: 'taken', wasHeld: leaseUntilMs !== null, code: taken, atMs }
      : { outcome: 'held', code, atMs }
  }

  return {
    open: async (intents, lease, lifeMs) => {
      const fresh = await insert(intents, lease, lifeMs)
      const others = intents.filter(({ key }) => !fresh.has(key)).map(({ key }) => key)
      const known = new Map(
        others.length === 0 ? [] : (await select(others, lease.nowMs)).map((row) => [row.key, row]),
      )
      const opened: Opened[] = []
      for (const intent of intents) {
        const code = fresh.get(intent.key)
        if (code) {
          opened.push({ outcome: 'taken', wasHeld: false, code, atMs: code.createdAtMs })
          continue
        }
        const found = known.get(intent.key) ?? missing()
        const isBlocked = opened.some(({ outcome }) => outcome === 'held')
        opened.push(isBlocked ? heldBy(found) : await openOne(intent, found, { lease, lifeMs }))
      }
      return opened
    },

    tell: async (consents, nowMs, lifeMs) => {
      if (consents.length === 0) return
      const now = sharedNow(db, nowMs)
      const rows = consents.map((consent) => ({
        ...toRow(consent),
        kind: 'phone' as const,
        state: 'open' as const,
        surface: 'telemetry' as const,
        owner: '',
        attempt: 0,
        replays: 0,
        created_at_ms: now,
        expires_at_ms: sql<number>`${now} + ${lifeMs}`,
      }))
      await db
        .insertInto('codes')
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({ consented_at_ms: sql<number>`excluded.consented_at_ms` })
            .where('codes.consented_at_ms', 'is', null),
        )
        .execute()
    },

    look: async (keys, nowMs) =>
      (await select(keys, nowMs)).map(({ leaseOwner: _, leaseUntilMs, atMs, ...code }) => ({
        code,
        isHeld: code.settledAtMs === null && leaseUntilMs !== null && leaseUntilMs > atMs,
      })),

    renew: async (keys, lease) => {
      await db
        .updateTable('codes')
        .set({ lease_until_ms: sql<number>`${sharedNow(db, lease.nowMs)} + ${lease.forMs}` })
        .where('key', 'in', keys)
        .where('lease_owner', '=', lease.owner)
        .where('settled_at_ms', 'is', null)
        .execute()
    },

    release: async ({ key, attempt, state }) => {
      await db
        .updateTable('codes')
        .set({ lease_owner: null, lease_until_ms: null, ...(state === 'unknown' && { state }) })
        .where('key', '=', key)
        .where('attempt', '=', attempt)
        .where('settled_at_ms', 'is', null)
        .execute()
    },

    settle: async (settlement) => {
      const { key: _, state: __, attempt, nowMs: ___, ...facts } = settlement
      const names = Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [name]))
      const shape = [attempt === undefined ? 'unfenced' : 'fenced', ...names].join(' ')
      const { rows } = await settleCode(shape)(db, { ...settlement })
      return rows[0]
    },

    attach: async (key, to) => {
      await db
        .updateTable('codes')
        .set(toRow(to))
        .where('key', '=', key)
        .where('state', '=', 'used')
        .execute()
    },

    countReplay: async (key) => {
      const { replays } = await db
        .updateTable('codes')
        .set((eb) => ({ replays: eb('replays', '+', 1) }))
        .where('key', '=', key)
        .returning('replays')
        .executeTakeFirstOrThrow()
      return replays
    },

    find: (key) => db.selectFrom('codes').select(codeColumns).where('key', '=', key).executeTakeFirst(),

    listOverdue: (nowMs, { limit, after }) => {
      const now = sharedNow(db, nowMs)
      return db
        .selectFrom('codes')
        .select(codeColumns)
        .where('settled_at_ms', 'is', null)
        .where('expires_at_ms', '<=', now)
        .where((eb) => eb.or([eb('lease_until_ms', 'is', null), eb('lease_until_ms', '<=', now)]))
        .$if(after !== undefined, (query) =>
          query.where(sql<boolean>`(expires_at_ms, key) > (${after?.expiresAtMs}, ${after?.key})`),
        )
        .orderBy('expires_at_ms')
        .orderBy('key')
        .limit(limit)
        .execute()
    },

    eraseAnswers: async ({ settledBeforeMs, limit }) => {
      const { numUpdatedRows } = await db
        .updateTable('codes')
        .set({ answer_sealed: null })
        .where('key', 'in', (eb) =>
          eb
            .selectFrom('codes')
            .select('key')
            .where('answer_sealed', 'is not', null)
            .where('settled_at_ms', '<', settledBeforeMs)
            .limit(limit),
        )
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },

    removeFinal: async ({ createdBeforeMs, limit }) => {
      const { numDeletedRows } = await db
        .deleteFrom('codes')
        .where('key', 'in', (eb) =>
          eb
            .selectFrom('codes')
            .select('key')
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

function heldBy({ leaseOwner: _, leaseUntilMs: __, atMs, ...code }: Found): Opened {
  return { outcome: 'held', code, atMs }
}

/** A code was removed between two statements: days have passed in between. */
function missing(): never {
  throw new Error('a code that was there is gone')
}
