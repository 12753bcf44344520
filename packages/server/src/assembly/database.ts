import { readDatabaseUrl } from '../config/database-url.ts'
import {
  ensureMasterKey,
  hasMasterKeyFile,
  MasterKeyMissingError,
  masterKeyBytes,
} from '../config/master-key.ts'
import { createKeyRing, type KeyRing } from '../crypto/key-ring.ts'
import { noTracing, type Tracing } from '../kernel/tracing.ts'
import { defaults, type HaomaOptions } from '../options.ts'
import type { Database } from '../stores/database.ts'
import { openPostgresDatabase, openSqliteDatabase } from '../stores/sql/database.ts'

/** Opens the database of the options, and brings it up to date. */
export function openDatabase(
  { databaseUrl, databasePoolSize, databaseTls }: HaomaOptions,
  tracing: Tracing = noTracing,
): Promise<Database> {
  const address = readDatabaseUrl(databaseUrl ?? defaults.databaseUrl)
  const observed = tracing.isOn ? { onQuery: tracing.queried } : {}
  if (address.kind === 'sqlite') return openSqliteDatabase(address.path, observed)
  return openPostgresDatabase({
    url: address.url,
    poolSize: databasePoolSize ?? defaults.databasePoolSize,
    ...(databaseTls && { tls: databaseTls }),
    ...observed,
  })
}

/** A key is made for a new database only: a new key in an old one would hide that the old key is gone. */
async function masterKeyOf(
  options: Pick<HaomaOptions, 'masterKey' | 'masterKeyFile'>,
  db: Database,
): Promise<Buffer> {
  if (options.masterKey !== undefined) return masterKeyBytes(options.masterKey)
  const path = options.masterKeyFile ?? defaults.masterKeyFile
  if (!hasMasterKeyFile(path) && (await db.signingKeys.list()).length > 0) {
    throw new MasterKeyMissingError(path)
  }
  return ensureMasterKey(path)
}

/** The keys of the options, and those that a database of before was written with. */
export async function keyRingOf(
  options: Pick<HaomaOptions, 'masterKey' | 'masterKeyFile' | 'oldMasterKeys'>,
  db: Database,
): Promise<KeyRing> {
  const oldKeys = (options.oldMasterKeys ?? defaults.oldMasterKeys).map(masterKeyBytes)
  return createKeyRing([await masterKeyOf(options, db), ...oldKeys])
}
