import { type Kysely, sql } from 'kysely'
import { allOf } from '../../kernel/all-of.ts'
import type { EventRecord, EventStore, NewEvent } from '../event-store.ts'
import { lockCounter } from './counters.ts'
import { insertRecords } from './insert-many.ts'
import { prepared } from './prepared.ts'
import { selectionOf } from './rows.ts'
import type { Tables } from './tables.ts'

/** An event as its columns hold it: the data are JSON. */
export interface StoredEvent extends Omit<EventRecord, 'data' | 'position'> {
  /** JSON. */
  data: string
  position: number | null
}

const eventColumns = selectionOf(
  'id',
  'type',
  'appid',
  'memberId',
  'memberSeq',
  'data',
  'position',
  'createdAtMs',
)

const COUNTER = 'events'

const toStored = ({ id, type, appid, memberId, data, createdAtMs }: NewEvent) => ({
  id,
  type,
  appid,
  memberId,
  data: JSON.stringify(data),
  position: null,
  createdAtMs,
})

const countEvents = prepared((db, values: { memberId: string; count: number; nowMs: number }) =>
  db
    .updateTable('members')
    .set({ event_seq: sql<number>`event_seq + ${values.count}`, changed_at_ms: values.nowMs })
    .where('id', '=', values.memberId),
)

/** Inserts an event of a member whose events were counted before, with so many that come after it. */
const insertCounted = prepared(
  (db, values: Omit<StoredEvent, 'memberSeq'> & { memberId: string; laterOnes: number }) =>
    db.insertInto('events').values({
      id: values.id,
      type: values.type,
      appid: values.appid,
      member_id: values.memberId,
      member_seq: sql<number>`(select event_seq from members where id = ${values.memberId}) - ${values.laterOnes}`,
      data: values.data,
      position: null,
      created_at_ms: values.createdAtMs,
    }),
)

export function createSqlEventStore(db: Kysely<Tables>): EventStore {
  /** @param seqOf - The number of an event in its member's history, by how many of these come after it. */
  const insert = (
    events: readonly NewEvent[],
    seqOf: (laterOnes: number) => number | null,
  ): Promise<void> => {
    const stored = events.map((event, i) => ({ ...toStored(event), memberSeq: seqOf(events.length - 1 - i) }))
    return insertRecords(db, 'events', stored)
  }

  /** Inserts events under the next numbers of their member, in one round trip. Inside a transaction. */
  const append = async (memberId: string, events: readonly [NewEvent, ...NewEvent[]]): Promise<void> => {
    const [{ numAffectedRows }] = await allOf([
      countEvents(db, { memberId, count: events.length, nowMs: events[0].createdAtMs }),
      ...events.map((event, i) =>
        insertCounted(db, { ...toStored(event), memberId, laterOnes: events.length - 1 - i }),
      ),
    ])
    if (numAffectedRows === 0n) throw new Error('an event of a member who is not there')
  }

  /** The last place that was given; nobody else gives one until the transaction ends. */
  const lockPlaces = () => lockCounter(db, COUNTER)

  return {
    add: (event) => (event.memberId === null ? insert([event], () => null) : append(event.memberId, [event])),

    addOf: async (memberId, events, before) => {
      const [first, ...others] = events
      if (!first) return
      await (before === undefined
        ? append(memberId, [first, ...others])
        : insert(events, (laterOnes) => before + events.length - laterOnes))
    },

    listOf: async (memberId) => {
      const rows = await db
        .selectFrom('events')
        .select(eventColumns)
        .where('member_id', '=', memberId)
        .orderBy('member_seq')
        .execute()
      return rows.map(({ position: _, ...row }) => ({ ...row, data: JSON.parse(row.data) }))
    },

    place: async (limit) => {
      const last = await lockPlaces()
      const { numUpdatedRows } = await sql`
        with unplaced as (
          select id, created_at_ms from events where position is null order by created_at_ms, id limit ${limit}
        ), placed as (
          select id, row_number() over (order by created_at_ms, id) as place from unplaced
        )
        update events set position = ${last} + (select place from placed where placed.id = events.id)
        where id in (select id from placed)`
        .execute(db)
        .then(({ numAffectedRows }) => ({ numUpdatedRows: Number(numAffectedRows ?? 0n) }))
      if (numUpdatedRows === 0) return 0
      await sql`
        update members set changed_position =
          (select max(position) from events where events.member_id = members.id and position > ${last})
        where id in (select member_id from events where position > ${last} and member_id is not null)`.execute(
        db,
      )
      await db
        .updateTable('counters')
        .set({ value: last + numUpdatedRows })
        .where('name', '=', COUNTER)
        .execute()
      return numUpdatedRows
    },

    hasUnplaced: async () => {
      const found = await db
        .selectFrom('events')
        .select('id')
        .where('position', 'is', null)
        .limit(1)
        .executeTakeFirst()
      return found !== undefined
    },

    find: async (id) => {
      const row = await db
        .selectFrom('events')
        .select(eventColumns)
        .where('id', '=', id)
        .where('position', 'is not', null)
        .executeTakeFirst()
      return row && toEvent(row)
    },

    listAfter: async (position, limit) => {
      const rows = await db
        .selectFrom('events')
        .select(eventColumns)
        .where('position', '>', position)
        .orderBy('position')
        .limit(limit)
        .execute()
      return rows.map(toEvent)
    },
  }
}

function toEvent(row: StoredEvent): EventRecord {
  return { ...row, position: row.position ?? 0, data: JSON.parse(row.data) }
}
