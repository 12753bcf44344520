export { createApiSecurity } from './create-api-security.ts'
export { ApiSecurityError, type ApiSecurityErrorCode, type ApiSecurityReason } from './errors.ts'
export { API_SECURITY_PATHS } from './paths.ts'
export type {
  ApiSecurity,
  ApiSecurityConfig,
  PlainRequest,
  PlatformCertificate,
  SealedRequest,
  SealedResponse,
} from './types.ts'
