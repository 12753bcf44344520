/**
 * Phone-number login for uni-app. The component is at `@haoma/uni/phone-login-button.vue`.
 *
 * @module
 */
export type { MemberView, PhoneComponent, PhoneView } from '@haoma/protocol'
export { createBareLogin, type HandedCode } from './bare-login.ts'
export { type ButtonText, buttonTexts } from './button-texts.ts'
export { endings, type LocalReason } from './endings.ts'
export { LoginError, type LoginErrorReason } from './login-error.ts'
export type { Exchange, Exchanged, ExchangeRequest } from './own-back-end.ts'
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
  Device,
  LoginOutcome,
  LoginStatus,
  Member,
  PhoneLogin,
  PhoneLoginOptions,
  PrivacyStep,
  Report,
  RequestOptions,
} from './types.ts'
export { phoneLoginKey, useMember, usePhoneLogin, useSession } from './use-phone-login.ts'
