export { createApiSecurity } from './create-api-security.ts'
export type { ApiSecurity, ApiSecurityConfig } from './types.ts'
