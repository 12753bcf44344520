import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer, UnsealError } from '../crypto/sealer.ts'
import { StoreConflictError } from '../stores/errors.ts'
import type { SigningKeyStore, StoredSigningKey } from '../stores/signing-key-store.ts'

const ALG = 'EdDSA'

type SigningKey = Awaited<ReturnType<typeof importJWK>>

export interface SigningKeys {
  active: { kid: string; alg: string; privateKey: SigningKey }
  /** The key that verifies tokens with this `kid`, or `undefined`. */
  findPublicKey(kid: string): SigningKey | undefined
  /** What `/.well-known/jwks.json` answers. */
  jwks: { keys: JWK[] }
}

/** The database was made with another master key. */
export class MasterKeyMismatchError extends Error {
  override readonly name = 'MasterKeyMismatchError'

  constructor(options: ErrorOptions) {
    super(
      'HAOMA_MASTER_KEY 与该数据库不匹配：请使用创建数据库时的主密钥（默认在 .haoma/master.key）。 / ' +
        'HAOMA_MASTER_KEY does not fit this database. Use the master key it was made with (by default .haoma/master.key).',
      options,
    )
  }
}

/**
 * Loads the keys that sign access tokens, making the first one when there is none. Private keys are stored
 * encrypted. Of several processes that start at once one makes the key and the others take it.
 *
 * @throws {MasterKeyMismatchError} When the stored key does not open with this master key.
 */
export async function loadSigningKeys(
  store: SigningKeyStore,
  { keyRing, nowMs }: { keyRing: KeyRing; nowMs: number },
): Promise<SigningKeys> {
  const sealer = createSealer(keyRing, 'signing-key-encryption')
  let stored = await store.list()
  if (!stored.some((key) => key.state === 'signing')) {
    try {
      await store.add(await createSigningKey((text, kid) => sealer.seal(text, kid), nowMs))
    } catch (error) {
      if (!(error instanceof StoreConflictError)) throw error
    }
    stored = await store.list()
  }

  const active = stored.find((key) => key.state === 'signing')
  if (!active) throw new Error('no signing key')
  const publicJwks = stored.map((key): JWK => ({ ...JSON.parse(key.publicJwk), kid: key.kid, alg: key.alg }))
  const publicKeys = new Map(
    await Promise.all(
      publicJwks.map(async (jwk) => [jwk.kid as string, await importJWK({ ...jwk, use: 'sig' })] as const),
    ),
  )
  return {
    active: {
      kid: active.kid,
      alg: active.alg,
      privateKey: await importJWK(openPrivateJwk(active, sealer.open), active.alg),
    },
    findPublicKey: (kid) => publicKeys.get(kid),
    jwks: { keys: publicJwks.map((jwk) => ({ ...jwk, use: 'sig' })) },
  }
}

async function createSigningKey(
  seal: (text: string, kid: string) => string,
  nowMs: number,
): Promise<StoredSigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(ALG, { crv: 'Ed25519', extractable: true })
  const publicJwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(publicJwk)
  return {
    kid,
    alg: ALG,
    publicJwk: JSON.stringify(publicJwk),
    sealedPrivateJwk: seal(JSON.stringify(await exportJWK(privateKey)), kid),
    state: 'signing',
    createdAtMs: nowMs,
    signsFromMs: nowMs,
    retiredAtMs: null,
  }
}

function openPrivateJwk(key: StoredSigningKey, open: (sealed: string, context: string) => string): JWK {
  try {
    return JSON.parse(open(key.sealedPrivateJwk, key.kid))
  } catch (cause) {
    if (cause instanceof UnsealError) throw new MasterKeyMismatchError({ cause })
    throw cause
  }
}
