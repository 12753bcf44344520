import { type Kysely, sql } from 'kysely'
import type { DeliveryClaim, WebhookDelivery, WebhookEndpoint, WebhookStore } from '../webhook-store.ts'
import { forUpdate, forUpdateSkipLocked, sharedNow } from './dialects.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** An endpoint as its columns hold it: lists are JSON, booleans 0 or 1. */
export interface StoredEndpoint
  extends Omit<WebhookEndpoint, 'events' | 'appids' | 'withNumber' | 'isEnabled'> {
  events: string
  appids: string | null
  withNumber: number
  isEnabled: number
}

const endpointColumns = selectionOf(
  'id',
  'url',
  'description',
  'events',
  'appids',
  'secretsSealed',
  'withNumber',
  'isEnabled',
  'disabledReason',
  'failingSinceMs',
  'fromPosition',
  'createdAtMs',
  'updatedAtMs',
)
const deliveryColumns = selectionOf(
  'id',
  'endpointId',
  'eventId',
  'type',
  'memberId',
  'memberSeq',
  'state',
  'attempts',
  'nextAtMs',
  'leaseOwner',
  'leaseUntilMs',
  'lastStatus',
  'lastError',
  'createdAtMs',
  'deliveredAtMs',
)
const attemptColumns = selectionOf('id', 'deliveryId', 'atMs', 'status', 'durationMs', 'error', 'response')

export function createSqlWebhookStore(db: Kysely<Tables>): WebhookStore {
  const isFree = (nowMs: number) =>
    sql<boolean>`(lease_until_ms is null or lease_until_ms <= ${sharedNow(db, nowMs)})`
  const lease = ({ owner, leaseMs, nowMs }: DeliveryClaim) => ({
    lease_owner: owner,
    lease_until_ms: sql<number>`${sharedNow(db, nowMs)} + ${leaseMs}`,
  })
  const endpoints = () => db.selectFrom('webhook_endpoints').select(endpointColumns)

  /** Nothing of the member is on its way to the endpoint before this one, nor will be. */
  const ids = () => db.selectFrom('webhook_deliveries').select('id')
  const forget = async (rows: readonly { id: string }[]): Promise<number> => {
    const old = rows.map(({ id }) => id)
    if (old.length === 0) return 0
    await db.deleteFrom('webhook_attempts').where('delivery_id', 'in', old).execute()
    await db.deleteFrom('webhook_deliveries').where('id', 'in', old).execute()
    return old.length
  }
  const isNextOfMember = sql<boolean>`
    not exists (
      select 1 from webhook_deliveries earlier
      where earlier.endpoint_id = due.endpoint_id and earlier.member_id = due.member_id
        and earlier.member_seq < due.member_seq and earlier.state = 'pending'
    ) and not exists (
      select 1 from events
      where events.member_id = due.member_id and events.member_seq < due.member_seq
        and (events.position is null or events.position >
          (select from_position from webhook_endpoints where webhook_endpoints.id = due.endpoint_id))
    )`

  return {
    addEndpoint: async (endpoint) => {
      await db
        .insertInto('webhook_endpoints')
        .values(toRow({ ...endpoint, ...toColumns(endpoint) } as StoredEndpoint))
        .execute()
    },
    findEndpoint: async (id) => {
      const stored = await endpoints().where('id', '=', id).executeTakeFirst()
      return stored && toEndpoint(stored)
    },
    listEndpoints: async () => {
      const stored = await endpoints().orderBy('created_at_ms').orderBy('id').execute()
      return stored.map(toEndpoint)
    },
    lockEndpoint: async (id) => {
      const stored = await endpoints().where('id', '=', id).$call(forUpdate(db)).executeTakeFirst()
      return stored && toEndpoint(stored)
    },
    changeEndpoint: async (id, change) => {
      await db
        .updateTable('webhook_endpoints')
        .set(toRow(toColumns(change)))
        .where('id', '=', id)
        .execute()
    },
    removeEndpoint: async (id) => {
      await db.deleteFrom('webhook_endpoints').where('id', '=', id).execute()
    },
    lastPosition: async () => {
      const counter = await db
        .selectFrom('counters')
        .select('value')
        .where('name', '=', 'events')
        .executeTakeFirst()
      return counter?.value ?? 0
    },

    addDeliveries: async (deliveries) => {
      if (deliveries.length === 0) return
      await db
        .insertInto('webhook_deliveries')
        .values(
          deliveries.map((delivery) => toRow({ ...unsent, nextAtMs: delivery.createdAtMs, ...delivery })),
        )
        .onConflict((conflict) => conflict.columns(['endpoint_id', 'event_id']).doNothing())
        .execute()
    },
    findDelivery: (id) =>
      db.selectFrom('webhook_deliveries').select(deliveryColumns).where('id', '=', id).executeTakeFirst(),
    listDeliveries: ({ endpointId, state, beforeId, limit }) =>
      db
        .selectFrom('webhook_deliveries')
        .select(deliveryColumns)
        .$if(endpointId !== undefined, (query) => query.where('endpoint_id', '=', endpointId ?? ''))
        .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'pending'))
        .$if(beforeId !== undefined, (query) => query.where('id', '<', beforeId ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    hasDue: async (nowMs) => {
      const found = await db
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('state', '=', 'pending')
        .where('next_at_ms', '<=', sharedNow(db, nowMs))
        .where(isFree(nowMs))
        .limit(1)
        .executeTakeFirst()
      return found !== undefined
    },
    claimDue: ({ exceptEndpoints, ...claim }) =>
      db
        .updateTable('webhook_deliveries')
        .set(lease(claim))
        .where('id', '=', (eb) =>
          eb
            .selectFrom('webhook_deliveries as due')
            .select('due.id')
            .where('due.state', '=', 'pending')
            .where('due.next_at_ms', '<=', sharedNow(db, claim.nowMs))
            .where(isFree(claim.nowMs))
            .$if(exceptEndpoints.length > 0, (query) =>
              query.where('due.endpoint_id', 'not in', [...exceptEndpoints]),
            )
            .where(isNextOfMember)
            .orderBy('due.next_at_ms')
            .orderBy('due.id')
            .limit(1)
            .$call(forUpdateSkipLocked(db)),
        )
        .returning(deliveryColumns)
        .executeTakeFirst(),
    claimOne: (id, claim) =>
      db
        .updateTable('webhook_deliveries')
        .set(lease(claim))
        .where('id', '=', id)
        .where(isFree(claim.nowMs))
        .returning(deliveryColumns)
        .executeTakeFirst(),
    settle: async ({ id, owner, nowMs }, { nextInMs, ...settlement }) => {
      const { numUpdatedRows } = await db
        .updateTable('webhook_deliveries')
        .set({
          ...toRow(settlement),
          attempts: sql<number>`attempts + 1`,
          next_at_ms: sql<number>`${sharedNow(db, nowMs)} + ${nextInMs}`,
          lease_owner: null,
          lease_until_ms: null,
        })
        .where('id', '=', id)
        .where('lease_owner', '=', owner)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    moveDeliveries: async (endpointId, { from, to, nowMs }) => {
      const { numUpdatedRows } = await db
        .updateTable('webhook_deliveries')
        .set({
          state: to,
          ...(to === 'pending' && { attempts: 0, next_at_ms: sql<number>`${sharedNow(db, nowMs)}` }),
        })
        .where('endpoint_id', '=', endpointId)
        .where('state', '=', from)
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },
    addAttempt: async (attempt) => {
      await db.insertInto('webhook_attempts').values(toRow(attempt)).execute()
    },
    listAttempts: (deliveryId) =>
      db
        .selectFrom('webhook_attempts')
        .select(attemptColumns)
        .where('delivery_id', '=', deliveryId)
        .orderBy('at_ms')
        .orderBy('id')
        .execute(),
    countDeliveries: (sinceMs) =>
      db
        .selectFrom('webhook_deliveries')
        .select((eb) => ['endpoint_id as endpointId', 'state', eb.fn.countAll<number>().as('count')])
        .where('created_at_ms', '>=', sinceMs)
        .groupBy(['endpoint_id', 'state'])
        .execute(),
    forgetOf: async (endpointId, limit) =>
      forget(
        await ids().where('endpoint_id', '=', endpointId).orderBy('created_at_ms').limit(limit).execute(),
      ),
    forgetBefore: async (beforeMs, limit) =>
      forget(
        await ids().where('created_at_ms', '<', beforeMs).orderBy('created_at_ms').limit(limit).execute(),
      ),
  }
}

const unsent = {
  attempts: 0,
  leaseOwner: null,
  leaseUntilMs: null,
  lastStatus: null,
  lastError: null,
  deliveredAtMs: null,
} as const satisfies Partial<WebhookDelivery>

function toColumns(change: Partial<WebhookEndpoint>): Partial<StoredEndpoint> {
  const { events, appids, withNumber, isEnabled, ...same } = change
  return {
    ...same,
    ...(events !== undefined && { events: JSON.stringify(events) }),
    ...(appids !== undefined && { appids: appids === null ? null : JSON.stringify(appids) }),
    ...(withNumber !== undefined && { withNumber: Number(withNumber) }),
    ...(isEnabled !== undefined && { isEnabled: Number(isEnabled) }),
  }
}

function toEndpoint(stored: StoredEndpoint): WebhookEndpoint {
  return {
    ...stored,
    events: JSON.parse(stored.events),
    appids: stored.appids === null ? null : JSON.parse(stored.appids),
    withNumber: stored.withNumber === 1,
    isEnabled: stored.isEnabled === 1,
  }
}
