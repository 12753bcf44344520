import { keyRingOf, openDatabase } from '../assembly/database.ts'
import { assemblePeople } from '../assembly/people.ts'
import { readDatabaseUrl } from '../config/database-url.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { takeSteps } from '../exchange/steps.ts'
import { systemClock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import { createLedgerWriter } from '../ledger/entries.ts'
import {
  BackupFileError,
  type BackupLine,
  readBackup,
  readBackupHeader,
  writeBackup,
} from '../operations/backup-file.ts'
import { defaults, type HaomaOptions } from '../options.ts'
import type { Database, Stores } from '../stores/database.ts'
import { type Replacement, type ReplaceTarget, replaceRows } from '../stores/sql/replace.ts'
import { openPostgresSnapshot, openSqliteSnapshot, type Snapshot } from '../stores/sql/snapshot.ts'

export type BackupOptions = Pick<
  HaomaOptions,
  'databaseUrl' | 'databaseTls' | 'masterKey' | 'masterKeyFile' | 'oldMasterKeys'
>

/** Newest migration that this version knows; a backup of another is not put in. */
const SCHEMA = '0001-tables'

/**
 * Writes the whole database, as it is at one moment, into one file sealed with a key made from the master key. The
 * service goes on meanwhile. Either database reads the file of the other.
 *
 * @throws {StoreUnavailableError}, {MasterKeyMismatchError}
 */
export async function backUp(options: BackupOptions, path: string): Promise<{ rows: number; keyId: string }> {
  const key = (await openKeyRing(options)).current('backup')
  const snapshot = await openSnapshot(options)
  let rows = 0
  const lines = async function* (): AsyncIterable<BackupLine> {
    for (const table of snapshot.tables) {
      for await (const page of snapshot.rows(table)) {
        rows += page.length
        yield { table, rows: page }
      }
    }
    yield { end: rows }
  }
  try {
    await writeBackup(path, { key, createdAt: isoNow(), schema: SCHEMA }, lines())
  } finally {
    await snapshot.close()
  }
  return { rows, keyId: key.id }
}

/** The database holds something, and nobody said that it may go. */
export class DatabaseNotEmptyError extends Error {
  override readonly name = 'DatabaseNotEmptyError'

  constructor() {
    super(
      '数据库里已有数据，没有改动。确认要用备份替换全部数据，请加 --force。 / ' +
        'The database holds data and was not changed. To replace all of it with the backup, add --force.',
    )
  }
}

/**
 * Puts a backup in place of what the database holds, in one transaction. All sessions end, open codes become `lost`, those
 * who were erased in the database since are erased again, and no event is sent again.
 *
 * @throws {BackupFileError} When the file is damaged, of another key or of another version.
 * @throws {DatabaseNotEmptyError} Unless `force`.
 */
export async function restore(
  options: BackupOptions,
  path: string,
  { force = false }: { force?: boolean } = {},
): Promise<{ rows: number; erasedAgain: number }> {
  const { header } = await readBackupHeader(path)
  if (header.schema !== SCHEMA) throw new BackupFileError(otherVersion)
  const keyRing = await openKeyRing(options)
  const key = keyRing.find('backup', header.keyId)
  if (!key) throw new BackupFileError(otherKey)
  return replaceRows(targetOf(options), async (all) => {
    if (!force && !(await all.isEmpty())) throw new DatabaseNotEmptyError()
    const erased = await all.erasedMembers()
    await all.clear()
    const rows = await putAll(all, readBackup(path, key))
    const nowMs = systemClock.now()
    await all.settle(nowMs)
    await loseOpenCodes(all.stores, nowMs)
    const erasedAgain = await eraseAgain({ options, keyRing, stores: all.stores, erased })
    await all.settle(nowMs)
    return { rows, erasedAgain }
  })
}

async function putAll(all: Replacement, lines: AsyncIterable<BackupLine>): Promise<number> {
  let rows = 0
  for await (const line of lines) {
    if ('end' in line) continue
    rows += line.rows.length
    await all.put(line.table, line.rows)
  }
  await all.joinMerged()
  return rows
}

async function loseOpenCodes(stores: Stores, nowMs: number): Promise<void> {
  const ledger = createLedgerWriter(createUuidV7)
  for (;;) {
    const codes = await stores.exchanges.listOverdue(Number.MAX_SAFE_INTEGER, { limit: 200 })
    if (codes.length === 0) return
    for (const code of codes) {
      const settlement = { state: 'lost' as const, attempt: code.attempt }
      await takeSteps(stores, [{ do: 'settle', code, settlement }], { ledger, nowMs })
    }
  }
}

async function eraseAgain(parts: {
  options: BackupOptions
  keyRing: KeyRing
  stores: Stores
  erased: readonly string[]
}): Promise<number> {
  const { stores } = parts
  if (parts.erased.length === 0) return 0
  const db = Object.create(stores, {
    transaction: { value: (work: (inner: Stores) => Promise<unknown>) => work(stores) },
  }) as Database
  const { privacy } = await assemblePeople({
    options: parts.options,
    keyRing: parts.keyRing,
    db,
    logger: createLogger('silent'),
    clock: systemClock,
    newId: createUuidV7,
  })
  let count = 0
  for (const memberId of parts.erased) {
    try {
      await privacy.eraseMember(memberId, { kind: 'system', id: 'restore' })
      count += 1
    } catch (error) {
      // Not in the backup, or erased before it.
      if (!(error instanceof HaomaError && error.code === 'MEMBER_NOT_FOUND')) throw error
    }
  }
  return count
}

/** Opening the database once brings it up to date and finds or makes the key, as a start would. */
async function openKeyRing(options: BackupOptions): Promise<KeyRing> {
  const db = await openDatabase(options)
  try {
    return await keyRingOf(options, db)
  } finally {
    await db.close()
  }
}

function targetOf(options: BackupOptions): ReplaceTarget {
  const address = readDatabaseUrl(options.databaseUrl ?? defaults.databaseUrl)
  if (address.kind === 'sqlite') return address
  const tls = options.databaseTls && { tls: options.databaseTls }
  return { kind: 'postgres', options: { url: address.url, poolSize: 1, ...tls } }
}

async function openSnapshot(options: BackupOptions): Promise<Snapshot> {
  const target = targetOf(options)
  return target.kind === 'sqlite' ? openSqliteSnapshot(target.path) : openPostgresSnapshot(target.options)
}

const isoNow = () => new Date(systemClock.now()).toISOString()

const otherVersion =
  '备份来自另一个版本的 Haoma，请用那个版本恢复后再升级。 / This backup was made by another version of Haoma. Restore it with that version, then upgrade.'
const otherKey =
  '备份是用另一个主密钥做的，请提供当时的主密钥（HAOMA_MASTER_KEY）。 / This backup was made with another master key. Give that key in HAOMA_MASTER_KEY.'
