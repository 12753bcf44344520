/**
 * The Haoma login service.
 *
 * @module
 */
export type { Clock } from './clock.ts'
export { type Config, ConfigError, type ConfiguredApp, configVariables, loadConfig } from './config.ts'
export { createHaoma, type Haoma, type HaomaOptions } from './create-haoma.ts'
export { DatabaseUrlError } from './database-url.ts'
export { createLogger, type Logger } from './http/logger.ts'
export { ensureMasterKey } from './master-key.ts'
export { PortInUseError, type RunningHaoma, type ServeOptions, serve } from './serve.ts'
export type { SessionPolicy } from './session/service.ts'
export { MasterKeyMismatchError } from './session/signing-keys.ts'
export { StoreUnavailableError } from './stores/errors.ts'
