import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyRing } from '../crypto/key-ring.ts'
import { createHashedCodeKey } from '../exchange/code-key.ts'
import { createJournal, type Journal } from '../journal/journal.ts'
import { createLiveLogins, type LiveLogins } from '../journal/live.ts'
import { createLoginLookUp, type LoginLookUp } from '../journal/look-up.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Database } from '../stores/database.ts'

export interface JournalAssemblyParts {
  db: Database
  keyRing: KeyRing
  vault: PhoneVault
  listApps(): readonly string[]
  clock: Clock
  newId: NewId
  logger: Logger
}

/** The journal of logins: who writes it, and who reads it. */
export interface JournalAssembly {
  journal: Journal
  lookUp: LoginLookUp
  live: LiveLogins
}

const LOOK_MS = 1000

export function assembleJournal(parts: JournalAssemblyParts): JournalAssembly {
  const { db, clock, keyRing } = parts
  const lookUp = createLoginLookUp({ ...parts, keyOfHash: createHashedCodeKey(keyRing) })
  return {
    journal: createJournal(parts),
    lookUp,
    live: createLiveLogins({
      logins: db.logins,
      lookUp,
      now: () => clock.now(),
      pause: (signal) => sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined),
    }),
  }
}
