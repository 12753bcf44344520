import { createAdministrators } from '../admin/administrators.ts'
import { createAdminAdmission } from '../admin/admission.ts'
import { createApiKeys } from '../admin/api-keys.ts'
import { createAuditTrail } from '../admin/audit-trail.ts'
import { createKnownDevices } from '../admin/known-devices.ts'
import { createAdminLinks } from '../admin/links.ts'
import { createMemberDesk } from '../admin/member-desk.ts'
import { createMemberLook } from '../admin/member-look.ts'
import { createMemberMerges } from '../admin/member-merges.ts'
import { createOverview } from '../admin/overview.ts'
import { createOwnAccount } from '../admin/own-account.ts'
import { createPasswords, type PasswordCost } from '../admin/passwords.ts'
import { type AdminPolicy, adminDefaults } from '../admin/policy.ts'
import { opens } from '../admin/roles.ts'
import { createSavedFilters } from '../admin/saved-filters.ts'
import { createSecondFactor } from '../admin/second-factor.ts'
import { createAdminSecrets } from '../admin/secrets.ts'
import { createAdminSessions } from '../admin/sessions.ts'
import { createSignIn } from '../admin/sign-in.ts'
import type { Alerts } from '../alerts/alerts.ts'
import { createAppCalls } from '../apps/app-calls.ts'
import type { AppTokens } from '../apps/app-tokens.ts'
import type { Budgets } from '../apps/budgets.ts'
import type { CheckApp } from '../apps/check-app.ts'
import { effectiveSettings } from '../config/effective-settings.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { Limits } from '../guards/limits.ts'
import type { HasApiKey } from '../http/operator.ts'
import type { JobRunner } from '../jobs/runner.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import type { Bookkeeper } from '../ledger/book.ts'
import type { HaomaOptions } from '../options.ts'
import type { Database } from '../stores/database.ts'
import { createAdminsRoutes } from '../surfaces/admin/admins-routes.ts'
import { createAlertsRoutes } from '../surfaces/admin/alerts-routes.ts'
import { createApiKeyRoutes } from '../surfaces/admin/api-key-routes.ts'
import { createAppTokenRoutes } from '../surfaces/admin/app-token-routes.ts'
import { createAppsRoutes } from '../surfaces/admin/apps-routes.ts'
import { createAuditRoutes } from '../surfaces/admin/audit-routes.ts'
import { type BooksRoutesParts, createBooksRoutes } from '../surfaces/admin/books-routes.ts'
import { type ClientsRoutesParts, createClientsRoutes } from '../surfaces/admin/clients-routes.ts'
import { createCostExportRoutes } from '../surfaces/admin/cost-export-routes.ts'
import { type CostRoutesParts, createCostRoutes } from '../surfaces/admin/cost-routes.ts'
import { createDeliveriesRoutes } from '../surfaces/admin/deliveries-routes.ts'
import { createFilterRoutes } from '../surfaces/admin/filter-routes.ts'
import { createJobsRoutes } from '../surfaces/admin/jobs-routes.ts'
import { createKeysRoutes } from '../surfaces/admin/keys-routes.ts'
import { createLoginsRoutes, type LoginsRoutesParts } from '../surfaces/admin/logins-routes.ts'
import { createMeRoutes } from '../surfaces/admin/me-routes.ts'
import { createMemberRoutes } from '../surfaces/admin/member-routes.ts'
import { createMergeRoutes } from '../surfaces/admin/merge-routes.ts'
import { createOverviewRoutes } from '../surfaces/admin/overview-routes.ts'
import { createSessionRoutes } from '../surfaces/admin/session-routes.ts'
import { createSettingsRoutes } from '../surfaces/admin/settings-routes.ts'
import { createSmsRoutes } from '../surfaces/admin/sms-routes.ts'
import { createAdminSurface } from '../surfaces/admin/surface.ts'
import { createTariffRoutes, type TariffRoutesParts } from '../surfaces/admin/tariff-routes.ts'
import { createWebhooksRoutes, type WebhooksRoutesParts } from '../surfaces/admin/webhooks-routes.ts'
import type { SmsLook } from '../ways/sms/look.ts'
import type { Apps } from './apps.ts'
import type { People } from './people.ts'

/** What the administrators' side is made of. Each domain takes what it needs of it. */
export interface AdminParts {
  options: HaomaOptions
  db: Database
  keyRing: KeyRing
  answerWithinMs: number
  people: People
  apps: Pick<Apps, 'directory' | 'registry'> & { check: CheckApp; tokens: AppTokens; budgets: Budgets }
  clientsOf: ClientsRoutesParts['clientsOf']
  webhooksOf: WebhooksRoutesParts['webhooksOf']
  runner: JobRunner
  logins: LoginsRoutesParts
  cost: Omit<CostRoutesParts & BooksRoutesParts, 'listAppids'> & { bookkeeper: Bookkeeper }
  tariffs: Omit<TariffRoutesParts, 'clock'>
  sms: SmsLook
  version: string
  wechatHosts: readonly string[]
  alerts: Alerts
  limits: Limits
  /** For tests that have less time than a guesser. */
  passwordCost: PasswordCost | undefined
  logger: Logger
  clock: Clock
  newId: NewId
}

/** Puts together what administrators use: who they are, and the calls of each domain. */
export function assembleAdmin(parts: AdminParts) {
  const { options, keyRing, apps } = parts
  const policy: AdminPolicy = { ...adminDefaults, ...options.admin }
  const secrets = createAdminSecrets(keyRing)
  const passwords = createPasswords(parts.passwordCost)
  const devices = createKnownDevices(secrets)
  const secondFactor = createSecondFactor({ ...parts, secrets })
  const apiKeys = createApiKeys({ ...parts, secrets })
  const sessions = createAdminSessions({ ...parts, secrets, policy })
  const links = createAdminLinks({ ...parts, secrets, sessions, devices, passwords })
  const signIn = createSignIn({ ...parts, sessions, secondFactor, devices, passwords })
  const ownAccount = createOwnAccount({ ...parts, secondFactor, passwords })
  const administrators = createAdministrators({ ...parts, links })

  const membership = { ...parts, ...parts.people }
  const admission = createAdminAdmission({ apiKeys, sessions, limits: parts.limits })

  const listAppids = () => apps.directory.list().map(({ appid }) => appid)
  const listMiniPrograms = () =>
    apps.directory
      .list()
      .filter(({ kind }) => kind === 'mp-weixin')
      .map(({ appid }) => appid)
  const surface = createAdminSurface({
    ...parts,
    admission,
    ips: policy.ips,
    // One line a domain.
    routes: [
      createSessionRoutes({ signIn, links, ownAccount, sessions, policy }),
      createMeRoutes({ ownAccount, sessions }),
      createAdminsRoutes({ administrators }),
      createApiKeyRoutes({ ...parts, apiKeys }),
      createAuditRoutes({ ...parts, trail: createAuditTrail(parts.db), audit: parts.db.audit }),
      createFilterRoutes({ filters: createSavedFilters(parts) }),
      createOverviewRoutes({
        overview: createOverview({ ...parts, ...apps, ...parts.cost, listMiniPrograms }),
      }),
      createLoginsRoutes(parts.logins),
      createCostRoutes({ ...parts.cost, listAppids }),
      createBooksRoutes({ ...parts.cost, listAppids }),
      createCostExportRoutes({ ...parts, ledger: parts.db.ledger, audit: parts.db.audit }),
      createTariffRoutes({ ...parts, ...parts.tariffs }),
      createSmsRoutes({ look: parts.sms }),
      createAlertsRoutes(parts),
      createAppsRoutes({
        appsOf: (actor) => createAppCalls({ ...apps, actor }),
        budgets: apps.budgets,
      }),
      createAppTokenRoutes(apps),
      createClientsRoutes(parts),
      createWebhooksRoutes(parts),
      createDeliveriesRoutes(parts),
      createKeysRoutes({ ...parts, keyRotation: parts.people.keyRotation }),
      createJobsRoutes({ ...parts, audit: parts.db.audit }),
      createMemberRoutes({ look: createMemberLook(membership), desk: createMemberDesk(membership) }),
      createMergeRoutes({ merges: createMemberMerges(membership) }),
      createSettingsRoutes({ ...parts, settings: effectiveSettings(options) }),
    ],
  })
  const hasApiKey: HasApiKey = async (secret, scope, ip) =>
    opens((await admission.findApiKey(secret, ip))?.scopes ?? [], scope)
  return { surface, policy, administrators, hasApiKey }
}
