import type { ClientAction, Text } from '@haoma/protocol'

interface EndingRow {
  action: ClientAction
  texts: Text
  /** Costs nothing and may be repeated as often as the user likes; any other second tap in vain offers another way in. */
  isFree: boolean
}

const row = (action: ClientAction, zh: string, en: string, isFree = false): EndingRow => ({
  action,
  texts: { zh, en },
  isFree,
})

/**
 * Every ending of a tap or a login that the service has not answered, and what to do about it. The tables of
 * the README and of the tests are made from this one.
 */
export const endings = {
  denied: row(
    'tap-again',
    '没有手机号暂时无法登录，可以再试一次。',
    'We need your number to sign you in. You can try again.',
    true,
  ),
  privacy: row(
    'tap-again',
    '请先阅读并同意隐私保护指引，再使用手机号登录。',
    'Please agree to the privacy guideline first.',
  ),
  late: row(
    'tap-again',
    '授权已超过 5 分钟，请再点一次按钮。',
    'More than 5 minutes have passed since the tap. Please tap again.',
  ),
  'code-expired': row(
    'tap-again',
    '网络一直没有恢复，这次授权已过期，请再点一次按钮。',
    'The network stayed away until this consent expired. Please tap again.',
  ),
  'no-event': row(
    'tap-again',
    '没有收到微信的结果，可以再点一次。',
    'WeChat gave no result. You can tap again.',
    true,
  ),
  unknown: row('tap-again', '登录没有成功，请再试一次。', 'Signing in did not work. Please try again.'),
  quota: row(
    'use-fallback',
    '手机号验证暂时不可用，请换一种方式登录。',
    'Number verification is not available now. Please sign in another way.',
  ),
  'no-permission': row(
    'use-fallback',
    '该小程序没有手机号验证权限，请换一种方式登录。',
    'This mini program may not ask for numbers. Please sign in another way.',
  ),
  'permission-withdrawn': row(
    'use-fallback',
    '该小程序的手机号权限已被微信收回，请换一种方式登录。',
    'WeChat took back the permission to ask for numbers. Please sign in another way.',
  ),
  'privacy-not-declared': row(
    'use-fallback',
    '小程序的隐私保护指引没有声明“收集你的手机号”，请换一种方式登录。',
    'The privacy guideline does not declare phone numbers. Please sign in another way.',
  ),
  'number-not-bound': row(
    'use-fallback',
    '您的微信还没有绑定手机号。请在微信“设置 > 账号与安全”中绑定，或换一种方式登录。',
    'Your WeChat has no number. Add one in its settings, or sign in another way.',
  ),
  'number-unverified': row(
    'use-fallback',
    '微信绑定的手机号需要先验证。请在微信“设置 > 账号与安全”中验证，或换一种方式登录。',
    'WeChat asks you to verify your number in its settings first. Or sign in another way.',
  ),
  'client-too-old': row(
    'use-fallback',
    '微信版本过低，无法取得手机号。请更新微信，或换一种方式登录。',
    'This WeChat is too old to give the number. Update it, or sign in another way.',
  ),
  'outside-wechat': row(
    'use-fallback',
    '微信手机号登录只能在微信小程序中使用，请换一种方式登录。',
    "WeChat's number sign-in works in its mini program only. Please sign in another way.",
  ),
  'signed-out': row(
    'login-again',
    '您已退出登录。重新登录后会继续完成这次授权。',
    'You have signed out. Sign in again to go on with this consent.',
  ),
  'wechat-login': row(
    'retry',
    '微信登录没有响应，请检查网络后重试。',
    'WeChat did not answer. Check the network and try again.',
  ),
  network: row(
    'retry',
    '连接不上登录服务，请检查网络后重试。',
    'The login service cannot be reached. Check the network and try again.',
  ),
  timeout: row('retry', '登录服务响应超时，请重试。', 'The login service took too long. Please try again.'),
  'bad-answer': row(
    'retry',
    '登录服务的响应无法识别，请稍后重试。',
    'The answer cannot be read. Try again in a moment.',
  ),
}

export type LocalReason = keyof typeof endings

/** Whether a tap that ended so was in vain: a few of these in a row, and another way in is offered. */
export const isInVain = ({ reason, action }: { reason: string; action: ClientAction }) =>
  action === 'tap-again' && !(endings as Partial<Record<string, EndingRow>>)[reason]?.isFree
