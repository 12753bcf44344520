import { h } from '../dom.ts'
import type { View } from '../stage.ts'
import type { Texts } from '../texts.ts'
import type { App } from './parts.ts'
import { actions, form, problemLine, who } from './parts.ts'
import { resendButton } from './resend.ts'

interface SmsCodeOptions {
  t: Texts
  app: App
  sentTo: string
  /** Sends an SMS; resolves with what went wrong, or nothing. */
  onSend: () => Promise<string | undefined>
  onCode: (smsCode: string) => Promise<string | undefined>
  onBack: () => void
  onDeny: () => void
}

/** The realtime component's step: type the code that was just sent. */
export const smsCodeView = (options: SmsCodeOptions) => {
  const { t } = options
  const input = h('input', {
    class: 'boxes',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    maxlength: 6,
    'aria-label': t.smsCode,
    placeholder: t.smsCodePlaceholder,
    'data-testid': 'haoma-sms-input',
  })
  const problem = problemLine(input)

  const send = async () => {
    const refused = await options.onSend()
    problem.say(refused ?? '')
    if (!refused) resend.start()
  }
  const resend = resendButton(t, send)

  const submit = async () => {
    if (!/^\d{6}$/.test(input.value)) return problem.say(t.badSmsCode)
    problem.say((await options.onCode(input.value)) ?? '')
  }

  const content = form(
    () => void submit(),
    who(options.app, t, options.onBack),
    h('h2', {}, t.smsTitle),
    h('p', { class: 'hint' }, t.smsSentTo(options.sentTo)),
    input,
    problem.line,
    resend.button,
    actions({ yes: t.confirm, no: t.deny, onNo: options.onDeny, yesId: 'confirm' }),
  )
  const view: View = {
    label: t.smsTitle,
    content,
    dismiss: options.onDeny,
    focus: input,
  }
  const fill = (smsCode: string) => {
    input.value = smsCode
    problem.say('')
    input.focus()
  }
  return { view, send, fill }
}
