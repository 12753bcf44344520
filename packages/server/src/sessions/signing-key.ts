import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { Sealer } from '../crypto/sealer.ts'
import type { SigningKeyState, StoredSigningKey } from '../stores/signing-key-store.ts'

/** `ES256` is verified by the standard library of every language; `EdDSA` is smaller and faster. */
export type SigningAlgorithm = 'ES256' | 'EdDSA'

const keyOptions = {
  ES256: { extractable: true },
  EdDSA: { crv: 'Ed25519', extractable: true },
} as const satisfies Record<SigningAlgorithm, object>

/** Makes a key, its private part sealed for storing. Its name is the thumbprint of its public part (RFC 7638). */
export async function createSigningKey(
  sealer: Sealer,
  of: { alg: SigningAlgorithm; state: SigningKeyState; nowMs: number; signsFromMs: number },
): Promise<StoredSigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(of.alg, keyOptions[of.alg])
  const publicJwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(publicJwk)
  return {
    kid,
    alg: of.alg,
    publicJwk: JSON.stringify(publicJwk),
    sealedPrivateJwk: sealer.seal(JSON.stringify(await exportJWK(privateKey)), kid),
    state: of.state,
    createdAtMs: of.nowMs,
    signsFromMs: of.signsFromMs,
    retiredAtMs: null,
  }
}
