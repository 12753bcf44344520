import type { Text } from '@haoma/protocol'

/** What the button says in each of its states. */
export const buttonTexts = {
  quick: { zh: '手机号快捷登录', en: 'Sign in with phone number' },
  realtime: { zh: '获取实时手机号码', en: 'Verify my number now' },
  starting: { zh: '正在登录…', en: 'Signing in…' },
  exchanging: { zh: '正在验证…', en: 'Verifying…' },
  retry: { zh: '重试', en: 'Try again' },
  back: { zh: '知道了', en: 'OK' },
  goBack: { zh: '返回', en: 'Back' },
  merge: { zh: '合并两个账号', en: 'Join the two accounts' },
  support: { zh: '支持码', en: 'Support code' },
  signIn: { zh: '微信登录', en: 'Sign in with WeChat' },
  agreePrivacy: { zh: '同意隐私保护指引并继续', en: 'Agree to the privacy guideline' },
} as const satisfies Record<string, Text>

export type ButtonText = keyof typeof buttonTexts
