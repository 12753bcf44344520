/**
 * The Haoma login service.
 *
 * @module
 */
export { DatabaseUrlError } from './config/database-url.ts'
export { type Config, ConfigError, configVariables, loadConfig } from './config/environment.ts'
export { ensureMasterKey } from './config/master-key.ts'
export { createHaoma, type Haoma } from './create-haoma.ts'
export type { Connection } from './http/connection.ts'
export type { Clock } from './kernel/clock.ts'
export { createLogger, type Logger } from './kernel/logger.ts'
export type { ConfiguredApp, HaomaOptions, ServeOptions } from './options.ts'
export { PortInUseError, type RunningHaoma, serve } from './serve.ts'
export type { SessionPolicy } from './sessions/service.ts'
export { MasterKeyMismatchError } from './sessions/signing-keys.ts'
export { DatabaseVersionError, StoreUnavailableError } from './stores/errors.ts'
export type { DatabaseTls } from './stores/sql/postgres/pool.ts'
