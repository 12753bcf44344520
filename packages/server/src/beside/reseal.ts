import { savedFilterContext } from '../admin/saved-filters.ts'
import { totpContext } from '../admin/second-factor.ts'
import { appSecretContext } from '../apps/app-secrets.ts'
import type { KeyPurpose, KeyRing } from '../crypto/key-ring.ts'
import { createSealer, sealingKeyOf, UnsealError } from '../crypto/sealer.ts'
import type { Database, Stores } from '../stores/database.ts'

/** A kind of text that is stored sealed, beside the numbers of people. */
interface SealedKind {
  purpose: KeyPurpose
  /** What binds a text to its row. */
  contextOf(id: string): string
  list(stores: Stores): Promise<{ id: string; sealed: string | null }[]>
  /** Puts another text in place of the one that is there now, which nobody else changes meanwhile. */
  replace(stores: Stores, id: string, anew: (sealed: string | null) => string | undefined): Promise<void>
}

const itself = (id: string) => id

const kinds: readonly SealedKind[] = [
  {
    purpose: 'signing-key-encryption',
    contextOf: itself,
    list: async ({ signingKeys }) =>
      (await signingKeys.list()).map(({ kid, sealedPrivateJwk }) => ({ id: kid, sealed: sealedPrivateJwk })),
    // A key is made once and never changed.
    replace: async ({ signingKeys }, id, anew) => {
      const key = (await signingKeys.list()).find(({ kid }) => kid === id)
      const sealed = key && anew(key.sealedPrivateJwk)
      if (sealed) await signingKeys.reseal(id, sealed)
    },
  },
  {
    purpose: 'app-secret',
    contextOf: appSecretContext,
    list: async ({ apps }) =>
      (await apps.list()).map(({ appid, secretSealed }) => ({ id: appid, sealed: secretSealed })),
    replace: async ({ apps }, id, anew) => {
      const app = await apps.lock(id)
      const secretSealed = app && anew(app.secretSealed)
      if (secretSealed) await apps.change(id, { secretSealed })
    },
  },
  {
    purpose: 'admin-encryption',
    contextOf: totpContext,
    list: async ({ admins }) =>
      (await admins.list()).map(({ id, totpSealed }) => ({ id, sealed: totpSealed })),
    replace: async ({ admins }, id, anew) => {
      const admin = await admins.lock(id)
      const totpSealed = admin && anew(admin.totpSealed)
      if (totpSealed) await admins.change(id, { totpSealed, totpPendingSealed: null })
    },
  },
  {
    purpose: 'admin-encryption',
    contextOf: savedFilterContext,
    list: async ({ savedFilters }) =>
      (await savedFilters.list()).map(({ id, filterSealed }) => ({ id, sealed: filterSealed })),
    // A filter is made once and never changed.
    replace: async ({ savedFilters }, id, anew) => {
      const filter = await savedFilters.find(id)
      const sealed = filter && anew(filter.filterSealed)
      if (sealed) await savedFilters.reseal(id, sealed)
    },
  },
  {
    purpose: 'webhook-secret',
    contextOf: itself,
    list: async ({ webhooks }) =>
      (await webhooks.listEndpoints()).map(({ id, secretsSealed }) => ({ id, sealed: secretsSealed })),
    replace: async ({ webhooks }, id, anew) => {
      const endpoint = await webhooks.lockEndpoint(id)
      const secretsSealed = endpoint && anew(endpoint.secretsSealed)
      if (secretsSealed) await webhooks.changeEndpoint(id, { secretsSealed })
    },
  },
  {
    purpose: 'alert-channel',
    contextOf: itself,
    list: async ({ alerts }) =>
      (await alerts.listChannels()).map(({ id, configSealed }) => ({ id, sealed: configSealed })),
    replace: async ({ alerts }, id, anew) => {
      const channel = await alerts.lockChannel(id)
      const configSealed = channel && anew(channel.configSealed)
      if (configSealed) await alerts.changeChannel(id, { configSealed })
    },
  },
]

/** How many texts were sealed anew, and how many open with no key of the ring and stay as they are. */
export interface Resealed {
  done: number
  stuck: number
}

/** Seals everything but numbers anew under the current master key, while the service runs. */
export async function resealAll({ db, keyRing }: { db: Database; keyRing: KeyRing }): Promise<Resealed> {
  const counts = { done: 0, stuck: 0 }
  for (const { purpose, contextOf, list, replace } of kinds) {
    const sealer = createSealer(keyRing, purpose)
    const current = keyRing.current(purpose).id
    const isOld = (sealed: string | null): sealed is string =>
      sealed !== null && sealingKeyOf(sealed) !== current
    for (const { id } of (await list(db)).filter(({ sealed }) => isOld(sealed))) {
      const anew = (sealed: string | null) =>
        isOld(sealed) ? sealer.seal(sealer.open(sealed, contextOf(id)), contextOf(id)) : undefined
      try {
        await db.transaction((stores) => replace(stores, id, anew))
        counts.done += 1
      } catch (error) {
        if (!(error instanceof UnsealError)) throw error
        counts.stuck += 1
      }
    }
  }
  return counts
}
