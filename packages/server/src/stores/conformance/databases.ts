import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Database } from '../database.ts'

/** A database under test. */
export interface DatabaseUnderTest {
  /** Opens connections of their own to one and the same database, as another process has. */
  open(): Promise<Database>
  /** Takes everything out of it. */
  empty(): Promise<void>
  /** Removes the database. */
  dispose(): Promise<void>
}

export type CreateDatabases = () => Promise<DatabaseUnderTest>

export interface TwoDatabases {
  db: Database
  other: Database
}

/** Two connections to one database that is empty at the start of every test. */
export function useDatabases(create: CreateDatabases): TwoDatabases {
  let underTest: DatabaseUnderTest
  const at = {} as TwoDatabases
  beforeAll(async () => {
    underTest = await create()
    ;[at.db, at.other] = await Promise.all([underTest.open(), underTest.open()])
  })
  beforeEach(() => underTest.empty())
  afterAll(async () => {
    await at.db.close()
    await at.other.close()
    await underTest.dispose()
  })
  return at
}
