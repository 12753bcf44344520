import { openDatabase } from '../assembly/database.ts'
import { systemClock } from '../kernel/clock.ts'
import type { DatabaseAbout } from '../stores/database.ts'
import { connectRedis, type RedisConnection } from '../stores/redis/connection.ts'
import { type BesideOptions, openBeside } from './open.ts'

/**
 * Opens a database, brings it up to date and writes a little to it.
 *
 * @throws {DatabaseVersionError} When the database is of another program.
 * @throws {StoreUnavailableError} When it cannot be opened or written.
 */
export async function examineDatabase(options: BesideOptions): Promise<DatabaseAbout> {
  const db = await openDatabase(options)
  try {
    await db.ping(systemClock.now())
    return await db.about()
  } finally {
    await db.close()
  }
}

/** The master key of a service, as people compare it. */
export interface ExaminedMasterKey {
  /** Its public name, which stands beside all that it protects. */
  fingerprint: string
  /** How many keys of before are still configured. */
  oldKeys: number
}

/**
 * Tells whether the master key fits the database; `undefined` while nothing is kept under any, as before the first start.
 * Then no key is made: one that is made where the service does not run would lock the service out.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another one.
 * @throws {MasterKeyMissingError} When its file is gone.
 * @throws {MasterKeyFileError} When its file cannot be used.
 */
export async function examineMasterKey(options: BesideOptions): Promise<ExaminedMasterKey | undefined> {
  if (await isUnused(options)) return undefined
  const { db, keyRing } = await openBeside(options)
  await db.close()
  const [current, ...old] = keyRing.all('phone-encryption')
  return { fingerprint: current.id, oldKeys: old.length }
}

async function isUnused(options: BesideOptions): Promise<boolean> {
  const db = await openDatabase(options)
  try {
    return (await db.signingKeys.list()).length === 0
  } finally {
    await db.close()
  }
}

/** Connects to Redis once, as the service does. Rejects with what went wrong. */
export async function examineRedis(url: string): Promise<void> {
  let connection: RedisConnection | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      connection = connectRedis({ url, onUp: resolve, onDown: reject })
    })
  } finally {
    await connection?.close()
  }
}
