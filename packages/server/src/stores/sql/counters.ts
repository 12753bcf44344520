import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** Reads a counter, made when it is missing; nobody else gets further than this until the transaction ends. */
export async function lockCounter(db: Kysely<Tables>, name: string): Promise<number> {
  await db
    .insertInto('counters')
    .values({ name, value: 0 })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const { value } = await db
    .updateTable('counters')
    .set({ value: sql<number>`value` })
    .where('name', '=', name)
    .returning('value')
    .executeTakeFirstOrThrow()
  return value
}
