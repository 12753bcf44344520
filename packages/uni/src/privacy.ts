import type { Text } from '@haoma/protocol'
import type { PrivacyAnswer } from './platform/platform.ts'
import type { Login } from './types.ts'

/** What the privacy popup says; the name of the guideline stands between `before` and `after`. */
export const privacyTexts = {
  title: { zh: '用户隐私保护提示', en: 'Your privacy' },
  before: {
    zh: '使用手机号登录前，请阅读并同意',
    en: 'Before you sign in with your number, please read and agree to ',
  },
  after: { zh: '。', en: '.' },
  guideline: { zh: '《用户隐私保护指引》', en: 'the privacy guideline' },
  agree: { zh: '同意', en: 'Agree' },
  disagree: { zh: '不同意', en: 'Disagree' },
} as const satisfies Record<string, Text>

export type PrivacyText = keyof typeof privacyTexts

/**
 * The popup that WeChat asks a mini program for before it uses what needs the user's agreement, without any framework.
 *
 * @param show - is told the guideline's name when the popup is to be shown, and `undefined` when it is to go
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/user-privacy/PrivacyAuthorize.html
 */
export function createPrivacyPopup(
  { privacy }: Pick<Login, 'privacy'>,
  show: (name: string | undefined) => void,
) {
  /** Who waits for the answer: one agreement is good for all that need it. */
  let waiting: ((answer: PrivacyAnswer) => void)[] = []

  function answer(how: PrivacyAnswer) {
    for (const resolve of waiting) resolve(how)
    if (how.event === 'exposureAuthorization') return
    waiting = []
    show(undefined)
  }

  privacy?.onNeeded(async (resolve) => {
    waiting.push(resolve)
    show(await privacy.name())
    answer({ event: 'exposureAuthorization' })
  })

  return {
    open: () => privacy?.open(),
    /** @param buttonId - `id` of the button with `open-type="agreePrivacyAuthorization"` that was tapped */
    agree: (buttonId: string) => answer({ event: 'agree', buttonId }),
    disagree: () => answer({ event: 'disagree' }),
  }
}
