import type { ClientAction, Text } from '@haoma/protocol'

interface EndingRow {
  action: ClientAction
  texts: Text
  /** Costs nothing and may be repeated as often as the user likes; any other second tap in vain offers another way in. */
  isFree?: true
}

/**
 * Every ending of a tap or a login that the service has not answered, and what to do about it. The tables of
 * the README and of the tests are made from this one.
 */
export const endings = {
  denied: {
    action: 'tap-again',
    isFree: true,
    texts: {
      zh: '没有手机号暂时无法登录，可以再试一次。',
      en: 'We need your number to sign you in. You can try again.',
    },
  },
  privacy: {
    action: 'tap-again',
    texts: {
      zh: '请先阅读并同意隐私保护指引，再使用手机号登录。',
      en: 'Please agree to the privacy guideline first.',
    },
  },
  late: {
    action: 'tap-again',
    texts: {
      zh: '授权已超过 5 分钟，请再点一次按钮。',
      en: 'More than 5 minutes have passed since the tap. Please tap again.',
    },
  },
  'code-expired': {
    action: 'tap-again',
    texts: {
      zh: '网络一直没有恢复，这次授权已过期，请再点一次按钮。',
      en: 'The network stayed away until this consent expired. Please tap again.',
    },
  },
  'no-event': {
    action: 'tap-again',
    isFree: true,
    texts: {
      zh: '没有收到微信的结果，可以再点一次。',
      en: 'WeChat gave no result. You can tap again.',
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
      en: 'Number verification is not available now. Please sign in another way.',
    },
  },
  'no-permission': {
    action: 'use-fallback',
    texts: {
      zh: '该小程序没有手机号验证权限，请换一种方式登录。',
      en: 'This mini program may not ask for numbers. Please sign in another way.',
    },
  },
  'permission-withdrawn': {
    action: 'use-fallback',
    texts: {
      zh: '该小程序的手机号权限已被微信收回，请换一种方式登录。',
      en: 'WeChat took back the permission to ask for numbers. Please sign in another way.',
    },
  },
  'privacy-not-declared': {
    action: 'use-fallback',
    texts: {
      zh: '小程序的隐私保护指引没有声明“收集你的手机号”，请换一种方式登录。',
      en: 'The privacy guideline does not declare phone numbers. Please sign in another way.',
    },
  },
  'number-not-bound': {
    action: 'use-fallback',
    texts: {
      zh: '您的微信还没有绑定手机号。请在微信“设置 > 账号与安全”中绑定，或换一种方式登录。',
      en: 'Your WeChat has no number. Add one in its settings, or sign in another way.',
    },
  },
  'number-unverified': {
    action: 'use-fallback',
    texts: {
      zh: '微信绑定的手机号需要先验证。请在微信“设置 > 账号与安全”中验证，或换一种方式登录。',
      en: 'WeChat asks you to verify your number in its settings first. Or sign in another way.',
    },
  },
  'client-too-old': {
    action: 'use-fallback',
    texts: {
      zh: '微信版本过低，无法取得手机号。请更新微信，或换一种方式登录。',
      en: 'This WeChat is too old to give the number. Update it, or sign in another way.',
    },
  },
  'outside-wechat': {
    action: 'use-fallback',
    texts: {
      zh: '请在微信小程序中打开，使用手机号登录。',
      en: 'Open the mini program in WeChat to sign in with your number.',
    },
  },
  'signed-out': {
    action: 'login-again',
    texts: {
      zh: '您已退出登录。重新登录后会继续完成这次授权。',
      en: 'You have signed out. Sign in again to go on with this consent.',
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
      en: 'The login service took too long. Please try again.',
    },
  },
  'bad-answer': {
    action: 'retry',
    texts: {
      zh: '登录服务的响应无法识别，请稍后重试。',
      en: 'The answer cannot be read. Try again in a moment.',
    },
  },
} as const satisfies Record<string, EndingRow>

export type LocalReason = keyof typeof endings

/** Whether a tap that ended so was in vain: a few of these in a row, and another way in is offered. */
export const isInVain = ({ reason, action }: { reason: string; action: ClientAction }) =>
  action === 'tap-again' && !(endings as Record<string, EndingRow>)[reason]?.isFree
