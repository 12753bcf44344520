/**
 * The Haoma login service.
 *
 * @module
 */

export { DatabaseUrlError } from './config/database-url.ts'
export {
  type Config,
  ConfigError,
  type ConfiguredApp,
  configVariables,
  loadConfig,
} from './config/environment.ts'
export { ensureMasterKey } from './config/master-key.ts'
export { createHaoma, type Haoma, type HaomaOptions } from './create-haoma.ts'
export type { Clock } from './kernel/clock.ts'
export { createLogger, type Logger } from './kernel/logger.ts'
export { PortInUseError, type RunningHaoma, type ServeOptions, serve } from './serve.ts'
export type { SessionPolicy } from './sessions/service.ts'
export { MasterKeyMismatchError } from './sessions/signing-keys.ts'
export { StoreUnavailableError } from './stores/errors.ts'
