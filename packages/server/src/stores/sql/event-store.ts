import { type Kysely, sql } from 'kysely'
import type { EventRecord, EventStore, NewEvent } from '../event-store.ts'
import { lockCounter } from './counters.ts'
import { selectionOf, toRow } from './rows.ts'
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

export function createSqlEventStore(db: Kysely<Tables>): EventStore {
  /** Takes the next numbers of a member's events and gives the last one. */
  const takeSeq = async (
    memberId: string,
    { count, nowMs }: { count: number; nowMs: number },
  ): Promise<number> => {
    const { event_seq } = await db
      .updateTable('members')
      .set({ event_seq: sql<number>`event_seq + ${count}`, changed_at_ms: nowMs })
      .where('id', '=', memberId)
      .returning('event_seq')
      .executeTakeFirstOrThrow()
    return event_seq
  }

  const insert = async (events: readonly NewEvent[], lastSeq: number | null): Promise<void> => {
    const rows = events.map(({ id, type, appid, memberId, data, createdAtMs }, index) =>
      toRow({
        id,
        type,
        appid,
        memberId,
        memberSeq: lastSeq === null ? null : lastSeq - events.length + index + 1,
        data: JSON.stringify(data),
        position: null,
        createdAtMs,
      }),
    )
    await db.insertInto('events').values(rows).execute()
  }

  /** The last place that was given; nobody else gives one until the transaction ends. */
  const lockPlaces = () => lockCounter(db, COUNTER)

  return {
    add: async (event) => {
      const { memberId, createdAtMs } = event
      const lastSeq = memberId === null ? null : await takeSeq(memberId, { count: 1, nowMs: createdAtMs })
      await insert([event], lastSeq)
    },

    addOf: async (memberId, events, before) => {
      const [first] = events
      if (!first) return
      const { length: count } = events
      const lastSeq =
        before === undefined ? await takeSeq(memberId, { count, nowMs: first.createdAtMs }) : before + count
      await insert(events, lastSeq)
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
