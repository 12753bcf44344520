export { createApiSecurity } from './create-api-security.ts'
export { API_SECURITY_PATHS } from './paths.ts'
export type {
  ApiSecurity,
  ApiSecurityConfig,
  PlainRequest,
  PlatformCertificate,
  SealedRequest,
  SealedResponse,
} from './types.ts'
