import type { ClientAction, Text } from '@haoma/protocol'

interface LocalReasonEntry {
  action: ClientAction
  texts: Text
}

/** Everything that can go wrong before the service has answered, and what to do about it. */
export const localReasons = {
  denied: {
    action: 'tap-again',
    texts: {
      zh: '没有手机号暂时无法登录。您的号码只用于登录，可以再试一次。',
      en: 'We need your number to sign you in, and use it for nothing else. You can try again.',
    },
  },
  privacy: {
    action: 'tap-again',
    texts: {
      zh: '请先阅读并同意隐私保护指引，再使用手机号登录。',
      en: 'Please agree to the privacy guideline first, then sign in with your number.',
    },
  },
  late: {
    action: 'tap-again',
    texts: {
      zh: '授权已超过 5 分钟，请再点一次按钮。',
      en: 'More than 5 minutes have passed since the tap. Please tap the button again.',
    },
  },
  unknown: {
    action: 'tap-again',
    texts: {
      zh: '登录没有成功，请再试一次。',
      en: 'Signing in did not work. Please try again.',
    },
  },
  quota: {
    action: 'use-fallback',
    texts: {
      zh: '手机号验证暂时不可用，请换一种方式登录。',
      en: 'Number verification is not available right now. Please sign in another way.',
    },
  },
  'no-permission': {
    action: 'use-fallback',
    texts: {
      zh: '该小程序没有手机号验证权限（需非个人主体并完成认证）。',
      en: 'This mini program may not ask for numbers (it takes a verified, non-personal account).',
    },
  },
  'privacy-not-declared': {
    action: 'use-fallback',
    texts: {
      zh: '小程序的隐私保护指引没有声明“收集你的手机号”，暂时无法使用手机号登录。',
      en: 'The privacy guideline of this mini program does not declare the use of phone numbers.',
    },
  },
  'outside-wechat': {
    action: 'use-fallback',
    texts: {
      zh: '请在微信小程序中打开，使用手机号登录。',
      en: 'Please open the mini program in WeChat to sign in with your number.',
    },
  },
  'wechat-login': {
    action: 'retry',
    texts: {
      zh: '微信登录没有响应，请检查网络后重试。',
      en: 'WeChat did not answer. Check the network and try again.',
    },
  },
  network: {
    action: 'retry',
    texts: {
      zh: '连接不上登录服务，请检查网络后重试。',
      en: 'The login service cannot be reached. Check the network and try again.',
    },
  },
  timeout: {
    action: 'retry',
    texts: {
      zh: '登录服务响应超时，请重试。',
      en: 'The login service took too long to answer. Please try again.',
    },
  },
  'bad-answer': {
    action: 'retry',
    texts: {
      zh: '登录服务的回答无法识别，请稍后重试。',
      en: 'The login service gave an answer we cannot read. Try again in a moment.',
    },
  },
} as const satisfies Record<string, LocalReasonEntry>

export type LocalReason = keyof typeof localReasons
