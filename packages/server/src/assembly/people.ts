import { createUnopenedNotes } from '../alerts/unopened.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { createMerging, type Merging } from '../members/merging.ts'
import { createPrivacy, type Privacy } from '../members/privacy.ts'
import { createMemberService, type MemberService } from '../members/service.ts'
import { createMergeTickets, type MergeTickets } from '../members/tickets.ts'
import { createNumberReader, type NumberReader } from '../numbers/reader.ts'
import { ensureIndexKey } from '../numbers/rekey.ts'
import { createPhoneVault, type PhoneVault } from '../numbers/vault.ts'
import { defaults, type HaomaOptions } from '../options.ts'
import { createAccessTokens } from '../sessions/access-token.ts'
import { createKeyRotation, type KeyRotation } from '../sessions/key-rotation.ts'
import { createRefreshTokens } from '../sessions/refresh-token.ts'
import { createSessionService, type SessionService } from '../sessions/service.ts'
import { loadSigningKeys, type SigningKeys } from '../sessions/signing-keys.ts'
import type { Database } from '../stores/database.ts'
import { type Arrivals, createArrivals } from '../ways/arrivals.ts'
import { createJoinService, type JoinService } from '../ways/join-members.ts'
import { type Apps, assembleApps } from './apps.ts'

/** The rooms that know people: numbers, members, sessions, and what follows when somebody comes in. */
export interface People {
  vault: PhoneVault
  numbers: NumberReader
  members: MemberService
  merging: Merging
  tickets: MergeTickets
  privacy: Privacy
  sessions: SessionService
  signingKeys: SigningKeys
  keyRotation: KeyRotation
  arrivals: Arrivals
  join: JoinService
}

export interface PeopleParts {
  options: HaomaOptions
  /** Default is those of the options and the database. */
  apps?: Pick<Apps, 'directory' | 'policyOf'>
  keyRing: KeyRing
  db: Database
  logger: Logger
  clock: Clock
  newId: NewId
}

/**
 * Gives each room what it needs, and makes the keys of a new database.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 */
export async function assemblePeople(parts: PeopleParts): Promise<People> {
  const { options, keyRing, db, logger, clock, newId } = parts
  const { directory, policyOf } = parts.apps ?? (await assembleApps(parts))
  const { issuer = defaults.issuer, signingAlgorithm: alg = defaults.signingAlgorithm } = options

  const signingKeys = await loadSigningKeys({ db, keyRing, clock, logger, alg })
  await ensureIndexKey({ db, keyRing, clock })
  const longestAccessTtlS = () => {
    const appids = ['', ...directory.list().map(({ appid }) => appid)]
    return Math.max(...appids.map((appid) => policyOf(appid).session.accessTtlS))
  }
  const keyRotation = createKeyRotation({ db, keyRing, clock, newId, alg, longestAccessTtlS })
  const vault = createPhoneVault(keyRing, logger, createUnopenedNotes({ store: db.alerts, clock, logger }))
  const numbers = createNumberReader({ audit: db.audit, vault, clock, newId })
  const merging = createMerging({ db, vault, clock, newId })
  const tickets = createMergeTickets({ keyRing, vault, merging, clock })
  const members = createMemberService({ db, vault, merging, policyOf, clock, newId })
  const privacy = createPrivacy({ db, keyRing, vault, numbers, clock, newId })
  const sessions = createSessionService({
    db,
    accessTokens: createAccessTokens(signingKeys, { issuer }),
    refreshTokens: createRefreshTokens(keyRing),
    policyOf,
    logger,
    clock,
    newId,
  })
  return {
    vault,
    numbers,
    members,
    merging,
    tickets,
    privacy,
    sessions,
    signingKeys,
    keyRotation,
    arrivals: createArrivals({ members, sessions, tickets }),
    join: createJoinService({ db, members, sessions, tickets }),
  }
}
