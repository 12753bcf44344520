import { keyIdOf } from '../crypto/blind-index.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { Database } from '../stores/database.ts'

/** Credentials of which only a digest is stored, made with a key of before: they stop working when that key goes. */
export interface FormerCredentials {
  /** Ids of back ends. */
  clients: string[]
  /** Names of API keys. */
  apiKeys: string[]
}

/** Living credentials that only an older key of the ring knows. Nobody but their owners can make them anew. */
export async function listFormerCredentials(
  { db, keyRing }: { db: Pick<Database, 'clients' | 'apiKeys'>; keyRing: KeyRing },
  nowMs: number,
): Promise<FormerCredentials> {
  const isLiving = (of: { expiresAtMs: number | null; revokedAtMs: number | null }) =>
    of.revokedAtMs === null && (of.expiresAtMs === null || of.expiresAtMs > nowMs)
  const isFormer = (purpose: 'client-secret' | 'admin-secret', digest: string) =>
    keyIdOf(digest) !== keyRing.current(purpose).id
  const [clients, secrets, apiKeys] = await Promise.all([
    db.clients.list(),
    db.clients.listSecrets(),
    db.apiKeys.list(),
  ])
  const former = secrets.filter((secret) => isLiving(secret) && isFormer('client-secret', secret.digest))
  return {
    clients: clients
      .filter(({ id, revokedAtMs }) => revokedAtMs === null && former.some(({ clientId }) => clientId === id))
      .map(({ id }) => id),
    apiKeys: apiKeys
      .filter((one) => isLiving(one) && isFormer('admin-secret', one.digest))
      .map(({ name }) => name),
  }
}
