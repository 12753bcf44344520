import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer, sealingKeyOf, UnsealError } from '../crypto/sealer.ts'
import type { Database } from '../stores/database.ts'
import { appSecretContext } from './app-secrets.ts'

/** How many secrets were written anew, and how many open with no key of the ring and stay as they are. */
export interface ResealedApps {
  done: number
  stuck: number
}

/** Seals the secrets of the database's apps anew under the current master key. */
export async function resealApps({
  db,
  keyRing,
}: {
  db: Pick<Database, 'apps' | 'transaction'>
  keyRing: KeyRing
}): Promise<ResealedApps> {
  const sealer = createSealer(keyRing, 'app-secret')
  const current = keyRing.current('app-secret').id
  const isOld = (sealed: string | null): sealed is string =>
    sealed !== null && sealingKeyOf(sealed) !== current
  const counts = { done: 0, stuck: 0 }
  for (const { appid } of (await db.apps.list()).filter(({ secretSealed }) => isOld(secretSealed))) {
    try {
      await db.transaction(async ({ apps }) => {
        const app = await apps.lock(appid)
        // Whoever entered a secret meanwhile sealed it with the current key.
        if (!app || !isOld(app.secretSealed)) return
        const context = appSecretContext(appid)
        await apps.change(appid, {
          secretSealed: sealer.seal(sealer.open(app.secretSealed, context), context),
        })
      })
      counts.done += 1
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error
      counts.stuck += 1
    }
  }
  return counts
}
