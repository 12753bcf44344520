/**
 * The login without any framework, for native mini programs, Taro and others.
 *
 * @module
 */
export type { MemberView, PhoneComponent, PhoneView } from '@haoma/protocol'
export { type Button, type ButtonProps, buttonOf, pressButton } from './button.ts'
export { type ButtonText, buttonTexts } from './button-texts.ts'
export { endings, type LocalReason } from './endings.ts'
export { createLogin } from './login.ts'
export { LoginError, type LoginErrorReason } from './login-error.ts'
export type { Exchange, Exchanged, ExchangeRequest } from './own-back-end.ts'
export { createPlatform, type MiniProgramApi } from './platform/create-platform.ts'
export type {
  HttpAnswer,
  HttpRequest,
  Language,
  PhoneEventDetail,
  Platform,
  PrivacyAnswer,
  PrivacyGuideline,
  WeChat,
} from './platform/platform.ts'
export { createPrivacyPopup, type PrivacyText, privacyTexts } from './privacy.ts'
export { createSmsForm, type SmsForm, type SmsText, smsTexts } from './sms-form.ts'
export type {
  Device,
  Login,
  LoginActions,
  LoginOptions,
  LoginOutcome,
  LoginState,
  LoginStatus,
  Member,
  PrivacyStep,
  Report,
  RequestOptions,
} from './types.ts'
