/**
 * Phone-number login for uni-app. The components are at `@haoma/uni/phone-login-button.vue`, `sms-login-form.vue` and
 * `privacy-popup.vue`.
 *
 * @module
 */
export { createBareLogin, type HandedCode } from './bare-login.ts'
export * from './core.ts'
export { createPhoneLogin } from './phone-login.ts'
export { nameFields } from './platform/h5.ts'
export type { PhoneLogin, PhoneLoginOptions } from './types.ts'
export { phoneLoginKey, useMember, usePhoneLogin, useSession } from './use-phone-login.ts'
