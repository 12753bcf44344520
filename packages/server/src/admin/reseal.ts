import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer, sealingKeyOf } from '../crypto/sealer.ts'
import type { Database } from '../stores/database.ts'
import { totpContext } from './second-factor.ts'

/**
 * Seals the secrets of one-time codes anew under the current master key, and says how many.
 *
 * @throws {UnsealError} When the key of one is missing.
 */
export async function resealAdmins({ db, keyRing }: { db: Database; keyRing: KeyRing }): Promise<number> {
  const sealer = createSealer(keyRing, 'admin-encryption')
  const current = keyRing.current('admin-encryption').id
  const isOld = (sealed: string | null): sealed is string =>
    sealed !== null && sealingKeyOf(sealed) !== current
  let count = 0
  for (const { id } of (await db.admins.list()).filter(({ totpSealed }) => isOld(totpSealed))) {
    await db.transaction(async ({ admins }) => {
      const admin = await admins.lock(id)
      if (!admin || !isOld(admin.totpSealed)) return
      const totpSealed = sealer.seal(sealer.open(admin.totpSealed, totpContext(id)), totpContext(id))
      await admins.change(id, { totpSealed, totpPendingSealed: null })
    })
    count += 1
  }
  return count
}
