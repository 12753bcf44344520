import { importJWK, type JWK } from 'jose'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer, type Sealer, UnsealError } from '../crypto/sealer.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Database } from '../stores/database.ts'
import { StoreConflictError } from '../stores/errors.ts'
import type { StoredSigningKey } from '../stores/signing-key-store.ts'
import { createSigningKey, type SigningAlgorithm } from './signing-key.ts'

type ImportedKey = Awaited<ReturnType<typeof importJWK>>

/** Keys are read again after this time, so that a rotation or revocation in one process reaches all. */
const RELOAD_MS = 5000
/** A token with an unknown key makes us read at once, but strangers cannot make us read all the time. */
const UNKNOWN_KID_RELOAD_MS = 500

export interface SigningKeys {
  /** The key that signs now. */
  signing(): Promise<{ kid: string; alg: string; privateKey: ImportedKey }>
  /** The key that verifies tokens with this `kid`, or `undefined`. */
  findPublic(kid: string): Promise<{ alg: string; publicKey: ImportedKey } | undefined>
  /** What `/.well-known/jwks.json` answers: the key that will sign next is there before it does. */
  jwks(): Promise<{ keys: JWK[] }>
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

export interface SigningKeysParts {
  db: Database
  keyRing: KeyRing
  clock: Clock
  logger: Logger
  /** For a key that has to be made. */
  alg: SigningAlgorithm
}

interface Loaded {
  atMs: number
  signing: { kid: string; alg: string; privateKey: ImportedKey }
  publicKeys: Map<string, { alg: string; publicKey: ImportedKey }>
  jwks: { keys: JWK[] }
}

/**
 * Loads the keys that sign access tokens, making the first one when there is none. Private keys are stored
 * encrypted. Of several processes that start at once one makes the key and the others take it.
 *
 * @throws {MasterKeyMismatchError} When the stored key does not open with this master key.
 */
export async function loadSigningKeys(parts: SigningKeysParts): Promise<SigningKeys> {
  const { db, clock, logger } = parts
  const sealer = createSealer(parts.keyRing, 'signing-key-encryption')
  await ensureSigningKey(parts, sealer)
  let loaded = await load()
  let loading: Promise<void> | undefined

  /** A database that is away for a moment leaves the keys as they were. */
  const reload = (): Promise<void> => {
    loading ??= load()
      .then(
        (fresh) => {
          loaded = fresh
        },
        (err) => {
          logger.warn({ err }, 'signing keys could not be read again; the ones in memory stay')
          loaded = { ...loaded, atMs: clock.now() }
        },
      )
      .finally(() => {
        loading = undefined
      })
    return loading
  }
  const current = async (maxAgeMs = RELOAD_MS): Promise<Loaded> => {
    if (Math.abs(clock.now() - loaded.atMs) >= maxAgeMs) await reload()
    return loaded
  }

  return {
    signing: async () => (await current()).signing,
    findPublic: async (kid) => {
      const { publicKeys } = await current()
      return publicKeys.get(kid) ?? (await current(UNKNOWN_KID_RELOAD_MS)).publicKeys.get(kid)
    },
    jwks: async () => (await current()).jwks,
  }

  async function load(): Promise<Loaded> {
    const stored = await db.signingKeys.list()
    const signing = stored.find(({ state }) => state === 'signing')
    if (!signing) throw new Error('no signing key')
    const verifying = stored.filter(({ state }) => state !== 'revoked')
    const jwks = verifying.map(
      (key): JWK => ({ ...JSON.parse(key.publicJwk), kid: key.kid, alg: key.alg, use: 'sig' }),
    )
    const imported = await Promise.all(
      jwks.map(async (jwk) => {
        const alg = String(jwk.alg)
        return [String(jwk.kid), { alg, publicKey: await importJWK(jwk, alg) }] as const
      }),
    )
    return {
      atMs: clock.now(),
      signing: {
        kid: signing.kid,
        alg: signing.alg,
        privateKey: await importJWK(openPrivateJwk(signing, sealer), signing.alg),
      },
      publicKeys: new Map(imported),
      jwks: { keys: jwks },
    }
  }
}

async function ensureSigningKey({ db, clock, alg }: SigningKeysParts, sealer: Sealer): Promise<void> {
  const stored = await db.signingKeys.list()
  if (stored.some(({ state }) => state === 'signing')) return
  const nowMs = clock.now()
  try {
    await db.signingKeys.add(
      await createSigningKey(sealer, { alg, state: 'signing', nowMs, signsFromMs: nowMs }),
    )
  } catch (error) {
    if (!(error instanceof StoreConflictError)) throw error
  }
}

function openPrivateJwk(key: StoredSigningKey, sealer: Sealer): JWK {
  try {
    return JSON.parse(sealer.open(key.sealedPrivateJwk, key.kid))
  } catch (cause) {
    if (cause instanceof UnsealError) throw new MasterKeyMismatchError({ cause })
    throw cause
  }
}
