import type { Language } from './platform/platform.ts'

/** What the button says in each of its states. */
export const buttonTexts: Record<Language, Record<ButtonText, string>> = {
  zh: {
    quick: '手机号快捷登录',
    realtime: '获取实时手机号码',
    starting: '正在登录…',
    exchanging: '正在验证…',
    retry: '重试',
    back: '知道了',
    merge: '合并两个账号',
    support: '支持码',
    signIn: '微信登录',
    agreePrivacy: '同意隐私保护指引并继续',
  },
  en: {
    quick: 'Sign in with phone number',
    realtime: 'Verify my number now',
    starting: 'Signing in…',
    exchanging: 'Verifying…',
    retry: 'Try again',
    back: 'OK',
    merge: 'Join the two accounts',
    support: 'Support code',
    signIn: 'Sign in with WeChat',
    agreePrivacy: 'Agree to the privacy guideline',
  },
}

export type ButtonText =
  | 'quick'
  | 'realtime'
  | 'starting'
  | 'exchanging'
  | 'retry'
  | 'back'
  | 'merge'
  | 'support'
  | 'signIn'
  | 'agreePrivacy'
