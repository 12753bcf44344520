import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database, Stores } from '../stores/database.ts'
import { StoreConflictError } from '../stores/errors.ts'
import type { PhoneVault, ProtectedPhone, StoredPhone } from './vault.ts'

export interface RekeyProgress {
  /** Rows written anew in this run. */
  done: number
  /** Rows that wait. */
  left: number
  /** Rows that do not open with any key of the ring; they stay as they are, and their old key is kept. */
  stuck: number
}

export interface RekeyOptions {
  /** The key that shall write. Default is the current key of the ring. */
  keyId?: string
  /** Rows a step; one transaction each row, so that nobody waits behind it. Default is 200. */
  batch?: number
  signal?: AbortSignal
  /** Told after each batch. */
  onProgress?: (progress: RekeyProgress) => void | Promise<void>
}

export interface RekeyParts {
  db: Database
  keyRing: KeyRing
  vault: PhoneVault
  clock: Clock
}

/**
 * Writes every stored number anew under another key of the ring, while the service runs. First every process must have
 * been given both keys. It starts with the key that writes: transactions in flight end with the old one, all later ones
 * write with the new one, and look-ups find both. A run that was stopped goes on where it was: what waits is told by the
 * rows themselves. When nothing waits the old keys are forgotten and may leave the configuration.
 *
 * @throws {MissingKeyError} When the ring does not hold the key.
 */
export async function rekeyNumbers(parts: RekeyParts, options: RekeyOptions = {}): Promise<RekeyProgress> {
  const { db, keyRing, vault, clock } = parts
  const { keyId = keyRing.current('phone-index').id, batch = 200, signal, onProgress } = options
  vault.protect('+8613800138000', keyId)
  await db.transaction((stores) => stores.indexKeys.startWriting(keyId, clock.now()))

  const progress: RekeyProgress = { done: 0, left: 0, stuck: 0 }
  const report = async () => {
    progress.left = (await countNumbersToRekey(db, keyId)) - progress.stuck
    await onProgress?.({ ...progress })
  }
  /** Walks a table in the order of a column, so that a row that does not open is passed over once. */
  const walk = async <Row extends StoredPhone>(
    list: (page: { after: string; limit: number }) => Promise<Row[]>,
    placeOf: (row: Row) => string,
    write: (stores: Stores, row: Row, renewed: ProtectedPhone) => Promise<void>,
  ) => {
    for (let after = ''; !signal?.aborted; ) {
      const rows = await list({ after, limit: batch })
      for (const row of rows) {
        if (signal?.aborted) break
        const e164 = vault.read(row)
        if (e164 === null) {
          progress.stuck += 1
        } else {
          await db.transaction((stores) => write(stores, row, vault.protect(e164, keyId)))
          progress.done += 1
        }
        after = placeOf(row)
      }
      await report()
      if (rows.length < batch) return
    }
  }

  await walk(
    (page) => db.members.listPhonesToRekey(keyId, page),
    (phone) => phone.subject,
    async (stores, phone, renewed) => {
      // A number that was changed meanwhile was written with the new key by who changed it.
      await stores.members.rekeyPhone(phone, renewed)
    },
  )
  await walk(
    (page) => db.phoneBindings.listToRekey(keyId, page),
    (binding) => binding.id,
    (stores, binding, renewed) => stores.phoneBindings.rekey(binding.id, renewed),
  )
  await walk(
    (page) => db.sms.listToRekey(keyId, page),
    (request) => request.id,
    (stores, request, renewed) => stores.sms.rekey(request.id, renewed),
  )
  await report()
  if (!signal?.aborted && progress.left === 0 && progress.stuck === 0) await forgetOldKeys(db, keyId)
  return progress
}

/** How many stored numbers are not of this key. Looks at every number. */
export async function countNumbersToRekey(db: Database, keyId: string): Promise<number> {
  const counts = await Promise.all([
    db.members.countPhonesToRekey(keyId),
    db.phoneBindings.countToRekey(keyId),
    db.sms.countToRekey(keyId),
  ])
  return counts.reduce((sum, count) => sum + count)
}

/** The key that writes, or this one from now on when none does yet. */
export async function ensureIndexKey({ db, keyRing, clock }: Omit<RekeyParts, 'vault'>): Promise<void> {
  const keys = await db.indexKeys.list()
  if (keys.some(({ state }) => state === 'writing')) return
  try {
    await db.indexKeys.addWriting(keyRing.current('phone-index').id, clock.now())
  } catch (error) {
    // Another process was first.
    if (!(error instanceof StoreConflictError)) throw error
  }
}

async function forgetOldKeys(db: Database, keyId: string): Promise<void> {
  const keys = await db.indexKeys.list()
  for (const { id } of keys) if (id !== keyId) await db.indexKeys.remove(id)
}
