/**
 * The Haoma login service.
 *
 * @module
 */

export type { Administrators } from './admin/administrators.ts'
export type { NewLink } from './admin/links.ts'
export type { AdminPolicy } from './admin/policy.ts'
export { type ApiKeyScope, adminRoles, apiKeyScopes } from './admin/roles.ts'
export type { AppPolicy, SessionPolicy } from './apps/app-policy.ts'
export { type OpenAdministrators, openAdministrators } from './beside/administrators.ts'
export { type OpenApiKeys, openApiKeys } from './beside/api-keys.ts'
export { type AppTokenNow, type OpenAppTokens, openAppTokens } from './beside/app-token.ts'
export { type OpenApps, openApps, storedMiniPrograms } from './beside/apps.ts'
export { type BackupOptions, backUp, DatabaseNotEmptyError, restore } from './beside/back-up.ts'
export { type OpenClients, openClients } from './beside/clients.ts'
export {
  type ExaminedMasterKey,
  examineDatabase,
  examineMasterKey,
  examineRedis,
} from './beside/examine.ts'
export type { FormerCredentials } from './beside/former-digests.ts'
export { type OpenKeys, openKeys } from './beside/keys.ts'
export { type OpenLedger, openLedger } from './beside/ledger.ts'
export { migrateDatabase } from './beside/migrate.ts'
export { type Rekeyed, rekey } from './beside/rekey.ts'
export { type OpenWebhooks, openWebhooks } from './beside/webhooks.ts'
export { DatabaseUrlError, readDatabaseUrl } from './config/database-url.ts'
export { type Config, ConfigError, configVariables, loadConfig } from './config/environment.ts'
export { ensureMasterKey, MasterKeyFileError, MasterKeyMissingError } from './config/master-key.ts'
export { createHaoma, type Haoma } from './create-haoma.ts'
export type { Embedded, MemberSession, ReadOptions } from './embedded.ts'
export type { Hooks } from './hooks.ts'
export type { Connection } from './http/connection.ts'
export type { Clock } from './kernel/clock.ts'
export { HaomaError } from './kernel/errors.ts'
export { createLogger, type Logger, logLevels } from './kernel/logger.ts'
export { nodeHandler } from './node-handler.ts'
export type { RekeyProgress } from './numbers/rekey.ts'
export { BackupFileError } from './operations/backup-file.ts'
export {
  type AppWithoutWeChat,
  type ConfiguredApp,
  type HaomaOptions,
  type MiniProgram,
  miniProgramsOf,
  type ServeOptions,
} from './options.ts'
export { PortInUseError, type RunningHaoma, serve } from './serve.ts'
export type { SigningKeyView } from './sessions/key-rotation.ts'
export { MasterKeyMismatchError } from './sessions/signing-keys.ts'
export {
  InvalidSessionError,
  type VerifiedSession,
  type VerifySessionOptions,
  verifySession,
} from './sessions/verify-session.ts'
export type { Client } from './stores/client-store.ts'
export { DatabaseTlsError, DatabaseVersionError, StoreUnavailableError } from './stores/errors.ts'
export type { DatabaseTls } from './stores/sql/postgres/pool.ts'
export type { ClientCredentials, ClientGrant, ClientRegistry, ClientView } from './tokens/clients.ts'
export { type ClientScope, clientScopes } from './tokens/scopes.ts'
export type { UserFacts, UserPhone, UserStore } from './ways/back-end/user-store.ts'
export type { CaptchaPolicy, SmsOptions } from './ways/sms/policy.ts'
export { ConsoleSmsError } from './ways/sms/providers/console.ts'
export type { SmsMessage, SmsOutcome, SmsProvider } from './ways/sms/providers/provider.ts'
export type { SmsProviderSettings } from './ways/sms/providers/settings.ts'
export type {
  EndpointSecret,
  EndpointSettings,
  EndpointView,
  WebhookEndpoints,
} from './webhooks/endpoints.ts'
export { webhookEvents } from './webhooks/event-filter.ts'
export type { Sent } from './webhooks/outbound/sender.ts'
export type { ForwardedEvent, ForwardOptions } from './webhooks/tail.ts'
export type {
  DeliveryFilter,
  DeliveryView,
  TryResult,
  WebhookPolicy,
  Webhooks,
} from './webhooks/webhooks.ts'
