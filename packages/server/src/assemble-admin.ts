import { createAdminAdmission } from './admin/admission.ts'
import { createApiKeys } from './admin/api-keys.ts'
import { type AdminPolicy, adminDefaults } from './admin/policy.ts'
import { createAdminSecrets } from './admin/secrets.ts'
import { createAdminSessions } from './admin/sessions.ts'
import type { People } from './assemble-people.ts'
import type { KeyRing } from './crypto/key-ring.ts'
import type { Limits } from './guards/limits.ts'
import type { Clock } from './kernel/clock.ts'
import type { NewId } from './kernel/ids.ts'
import type { Logger } from './kernel/logger.ts'
import type { HaomaOptions } from './options.ts'
import type { Database } from './stores/database.ts'
import { createSessionRoutes } from './surfaces/admin/session-routes.ts'
import { createAdminSurface } from './surfaces/admin/surface.ts'

/** What the administrators' side is made of. Each domain takes what it needs of it. */
export interface AdminParts {
  options: HaomaOptions
  db: Database
  keyRing: KeyRing
  people: People
  limits: Limits
  logger: Logger
  clock: Clock
  newId: NewId
}

/** Puts together what administrators use: who they are, and the calls of each domain. */
export function assembleAdmin(parts: AdminParts) {
  const { options, keyRing } = parts
  const policy: AdminPolicy = { ...adminDefaults, ...options.admin }
  const secrets = createAdminSecrets(keyRing)
  const apiKeys = createApiKeys({ ...parts, secrets })
  const sessions = createAdminSessions({ ...parts, secrets, policy })
  const admission = createAdminAdmission({ apiKeys, sessions, limits: parts.limits })

  const surface = createAdminSurface({
    ...parts,
    admission,
    ips: policy.ips,
    // One line a domain, in the order of the console's pages.
    routes: [createSessionRoutes({ sessions, policy })],
  })
  return { surface, policy, apiKeys, sessions }
}
