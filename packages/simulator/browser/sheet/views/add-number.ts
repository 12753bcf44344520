import { h } from '../dom.ts'
import type { View } from '../stage.ts'
import type { Texts } from '../texts.ts'
import type { App } from './parts.ts'
import { actions, form, problemLine, who } from './parts.ts'
import { resendButton } from './resend.ts'

/** Where WeChat offers the component, mainland China first. */
const CALLING_CODES = [
  '86',
  '852',
  '853',
  '886',
  '81',
  '82',
  '65',
  '60',
  '66',
  '84',
  '62',
  '63',
  '64',
  '61',
  '971',
  '1',
  '44',
]

export interface AddedNumber {
  number: string
  smsCode: string
  save: boolean
}

interface AddNumberOptions {
  t: Texts
  app: App
  /** Sends the SMS; resolves with what is wrong with the number, or nothing. */
  onSend: (number: string) => Promise<string | undefined>
  onConfirm: (added: AddedNumber) => Promise<string | undefined>
  onBack: () => void
  onDeny: () => void
}

/** 使用其他号码: a number that WeChat does not know yet, proved by SMS, kept only when the user ticks "save". */
export const addNumberView = (options: AddNumberOptions) => {
  const { t } = options
  const country = h(
    'select',
    { 'aria-label': t.country, 'data-testid': 'haoma-country' },
    ...CALLING_CODES.map((code) => h('option', { value: code }, `+${code}`)),
  )
  const number = h('input', {
    type: 'tel',
    autocomplete: 'tel-national',
    'aria-label': t.number,
    placeholder: t.numberPlaceholder,
    'data-testid': 'haoma-number-input',
  })
  const code = h('input', {
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    maxlength: 6,
    'aria-label': t.smsCode,
    placeholder: t.smsCodePlaceholder,
    'data-testid': 'haoma-sms-input',
  })
  const save = h('input', { type: 'checkbox', 'data-testid': 'haoma-save' })

  const numberField = h('div', { class: 'field' }, country, number)
  const numberProblem = problemLine(number, numberField)
  const typedNumber = () => readNumber(country.value, number.value)

  const send = async () => {
    const typed = typedNumber()
    codeProblem.say('')
    if (!typed) return numberProblem.say(t.badNumber)
    const refused = await options.onSend(typed)
    numberProblem.say(refused ?? '')
    if (refused) return
    resend.start()
    code.focus()
  }
  const resend = resendButton(t, send)
  const codeField = h('div', { class: 'field code' }, code, resend.button)
  const codeProblem = problemLine(code, codeField)

  const confirm = async () => {
    const typed = typedNumber()
    numberProblem.say(typed ? '' : t.badNumber)
    if (!typed) return
    if (!/^\d{6}$/.test(code.value)) return codeProblem.say(t.badSmsCode)
    codeProblem.say(
      (await options.onConfirm({ number: typed, smsCode: code.value, save: save.checked })) ?? '',
    )
  }

  const content = form(
    () => void confirm(),
    who(options.app, t, options.onBack),
    h('h2', {}, t.addTitle),
    numberField,
    numberProblem.line,
    codeField,
    codeProblem.line,
    h('label', { class: 'save' }, save, t.save),
    actions({ yes: t.confirm, no: t.deny, onNo: options.onDeny, yesId: 'confirm' }),
  )
  const view: View = {
    label: t.addTitle,
    content,
    dismiss: options.onDeny,
    focus: number,
  }
  const fill = (smsCode: string) => {
    code.value = smsCode
    codeProblem.say('')
    code.focus()
  }
  return { view, fill }
}

/** E.164 for the wire, or nothing when it cannot be a number: 11 digits starting with 1 in China, 5 to 14 elsewhere. */
const readNumber = (callingCode: string, typed: string): string | undefined => {
  const digits = typed.replace(/[\s()-]/g, '')
  const pattern = callingCode === '86' ? /^1\d{10}$/ : /^\d{5,14}$/
  return pattern.test(digits) ? `+${callingCode}${digits}` : undefined
}
