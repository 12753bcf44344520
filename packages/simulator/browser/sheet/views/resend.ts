import { h } from '../dom.ts'
import type { Texts } from '../texts.ts'

const RESEND_AFTER_S = 60

/** 获取验证码, which then counts down to 重新发送. `start()` begins the countdown without sending. */
export const resendButton = (t: Texts, onSend: () => Promise<void>) => {
  const button = h(
    'button',
    {
      class: 'link',
      type: 'button',
      'data-testid': 'haoma-send-sms',
      onclick: () => void onSend(),
    },
    t.sendSms,
  )

  const start = () => {
    const endsAt = Date.now() + RESEND_AFTER_S * 1000
    button.disabled = true
    const tick = () => {
      const leftS = Math.ceil((endsAt - Date.now()) / 1000)
      button.disabled = leftS > 0
      button.textContent = leftS > 0 ? t.resendIn(leftS) : t.resend
      // A button that left the screen needs no countdown.
      if (leftS > 0) setTimeout(() => (button.isConnected ? tick() : undefined), 1000)
    }
    tick()
  }

  return { button, start }
}
