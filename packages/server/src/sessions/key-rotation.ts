import type { KeyRing } from '../crypto/key-ring.ts'
import { createSealer } from '../crypto/sealer.ts'
import type { Job } from '../jobs/job.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { Database, Stores } from '../stores/database.ts'
import type { StoredSigningKey } from '../stores/signing-key-store.ts'
import { createSigningKey, type SigningAlgorithm } from './signing-key.ts'

/** Longer than anybody may keep the published keys (5 minutes), and than it takes us to read them again. */
const PUBLISH_AHEAD_MS = 600_000
const DAY_MS = 86_400_000
const byItself: Actor = { actorKind: 'system', actorId: 'signing-keys', ip: null, requestId: null }

/** A signing key for people. */
export type SigningKeyView = Pick<
  StoredSigningKey,
  'kid' | 'alg' | 'state' | 'createdAtMs' | 'signsFromMs' | 'retiredAtMs'
>

/** What `haoma key` does. */
export interface KeyRotation {
  /** Newest first. */
  list(): Promise<SigningKeyView[]>
  /**
   * Publishes a new key, which signs from ten minutes later on; the one before verifies what it signed. When a new one
   * waits already, that is given.
   */
  rotate(actor: Actor): Promise<SigningKeyView>
  /**
   * Ends a key now: within 5 seconds no process takes a token of it, and if it signed, another does at once. For a key that
   * leaked. Refresh tokens stay good. Other back ends drop it when they read the published keys again (5 minutes).
   * `undefined` when there is no such key.
   */
  revoke(kid: string, actor: Actor): Promise<SigningKeyView | undefined>
  /** Puts the key that waits to its work when its time has come, and forgets those that verify nothing any more. */
  tend(): Promise<void>
}

export interface KeyRotationParts {
  db: Database
  keyRing: KeyRing
  clock: Clock
  newId: NewId
  alg: SigningAlgorithm
  /** A key signs for so long before the next is made, in days; 0 only by hand. Default is 90. */
  rotateAfterDays?: number
  /** Longest life of an access token that any app gives, in seconds: so long a retired key is kept. */
  longestAccessTtlS(): number
}

export function createKeyRotation(parts: KeyRotationParts): KeyRotation {
  const { db, clock, newId, alg, rotateAfterDays = 90 } = parts
  const sealer = createSealer(parts.keyRing, 'signing-key-encryption')

  const addNext = async (stores: Stores, state: 'next' | 'signing', signsFromMs: number) => {
    const key = await createSigningKey(sealer, { alg, state, nowMs: clock.now(), signsFromMs })
    await stores.signingKeys.add(key)
    return viewOf(key)
  }

  const audit = (stores: Stores, actor: Actor, action: string, kid: string) => {
    const done = { action: `signing-key.${action}`, target: { kind: 'signing-key', id: kid } }
    return stores.audit.add([auditEntry(actor, done, { newId, nowMs: clock.now() })])
  }

  const rotate = (actor: Actor) =>
    db.transaction(async (stores) => {
      const waiting = (await stores.signingKeys.list()).find(({ state }) => state === 'next')
      if (waiting) return viewOf(waiting)
      const next = await addNext(stores, 'next', clock.now() + PUBLISH_AHEAD_MS)
      await audit(stores, actor, 'rotate', next.kid)
      return next
    })

  const promote = (kid: string) =>
    db.transaction(async (stores) => {
      const nowMs = clock.now()
      const signing = (await stores.signingKeys.list()).find(({ state }) => state === 'signing')
      if (signing) {
        await stores.signingKeys.setState(signing.kid, { from: 'signing', to: 'retired', retiredAtMs: nowMs })
      }
      await stores.signingKeys.setState(kid, { from: 'next', to: 'signing', retiredAtMs: null })
    })

  return {
    list: async () => (await db.signingKeys.list()).map(viewOf),
    rotate,

    revoke: (kid, actor) =>
      db.transaction(async (stores) => {
        const nowMs = clock.now()
        const keys = await stores.signingKeys.list()
        const key = keys.find((candidate) => candidate.kid === kid)
        if (!key) return undefined
        await audit(stores, actor, 'revoke', kid)
        await stores.signingKeys.setState(kid, { from: key.state, to: 'revoked', retiredAtMs: nowMs })
        if (key.state === 'signing') {
          const next = keys.find(({ state }) => state === 'next')
          if (next) {
            await stores.signingKeys.setState(next.kid, { from: 'next', to: 'signing', retiredAtMs: null })
          } else {
            await addNext(stores, 'signing', nowMs)
          }
        }
        return viewOf({ ...key, state: 'revoked', retiredAtMs: nowMs })
      }),

    tend: async () => {
      const nowMs = clock.now()
      const keys = await db.signingKeys.list()
      const next = keys.find(({ state }) => state === 'next')
      const signing = keys.find(({ state }) => state === 'signing')
      if (next && next.signsFromMs <= nowMs) await promote(next.kid)
      const isOld = signing && rotateAfterDays > 0 && nowMs - signing.signsFromMs >= rotateAfterDays * DAY_MS
      if (!next && signing && (isOld || signing.alg !== alg)) await rotate(byItself)
      const keptMs = parts.longestAccessTtlS() * 1000 + DAY_MS
      for (const { kid, retiredAtMs } of keys) {
        if (retiredAtMs !== null && nowMs - retiredAtMs > keptMs) await db.signingKeys.remove(kid)
      }
    },
  }
}

/** Tends the keys in one process at a time. */
export function createKeyRotationJob(rotation: KeyRotation): Job {
  return {
    name: 'signing-keys',
    everyMs: 60_000,
    run: async () => {
      await rotation.tend()
      return undefined
    },
  }
}

function viewOf({
  kid,
  alg,
  state,
  createdAtMs,
  signsFromMs,
  retiredAtMs,
}: StoredSigningKey): SigningKeyView {
  return { kid, alg, state, createdAtMs, signsFromMs, retiredAtMs }
}
