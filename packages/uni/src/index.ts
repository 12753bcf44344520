/**
 * Phone-number login for uni-app. The component is at `@haoma/uni/phone-login-button.vue`.
 *
 * @module
 */
export type { MemberView, PhoneComponent, PhoneView } from '@haoma/protocol'
export { buttonTexts } from './button-texts.ts'
export { LoginError, type LoginErrorReason } from './login-error.ts'
export { createPhoneLogin } from './phone-login.ts'
export type {
  HttpAnswer,
  HttpRequest,
  Language,
  PhoneEventDetail,
  Platform,
  WeChat,
} from './platform/platform.ts'
export type {
  LoginOutcome,
  LoginStatus,
  PhoneLogin,
  PhoneLoginOptions,
  PrivacyStep,
  Report,
} from './types.ts'
export { usePhoneLogin } from './use-phone-login.ts'
