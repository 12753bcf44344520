import type { Text } from '@haoma/protocol'
import { toLoginError } from './login-error.ts'
import type { Login, Report } from './types.ts'

/** What the SMS form says. */
export const smsTexts = {
  country: { zh: '国家/地区代码', en: 'Country code' },
  number: { zh: '手机号', en: 'Phone number' },
  code: { zh: '短信验证码', en: 'SMS code' },
  send: { zh: '获取验证码', en: 'Get code' },
  resend: { zh: '重新获取', en: 'Resend' },
  submit: { zh: '登录', en: 'Sign in' },
  sentTo: { zh: '验证码已发送至', en: 'Code sent to' },
  noNumber: { zh: '请填写手机号。', en: 'Enter your phone number.' },
  noCode: {
    zh: '请先获取验证码，再填写收到的数字。',
    en: 'Get a code first, then enter the digits you receive.',
  },
} as const satisfies Record<string, Text>

export type SmsText = keyof typeof smsTexts

export interface SmsForm {
  /** Calling code without the plus. */
  country: string
  number: string
  code: string
  /** Digits of the code. */
  codeLength: number
  /** Seconds until another code may be asked for. */
  waitS: number
  isSending: boolean
  isChecking: boolean
  /** Where the code went, masked; empty before. */
  sentTo: string
  /** What is wrong, and with which field; empty when nothing is. */
  error: string
  wrong: 'number' | 'code' | ''
}

/** Pasted text in any form: full-width digits, spaces, dashes, a whole message. */
const plain = (text: string) => text.normalize('NFKC')

/** `+86 138-0013 8000` and its like, apart. */
export function readNumber(pasted: string, country: string): { country: string; number: string } {
  const text = plain(pasted).trim().replace(/^00/, '+')
  const digits = text.replace(/\D/g, '')
  if (!text.startsWith('+')) return { country, number: digits }
  const separate = text.match(/^\+(\d{1,3})[ ()-]/)?.[1]
  const code = separate ?? (country && digits.startsWith(country) ? country : '')
  // A number with an unknown code stays whole: the service reads it.
  return code ? { country: code, number: digits.slice(code.length) } : { country, number: `+${digits}` }
}

/**
 * The form that signs in by SMS, without any framework: numbers and codes as they are typed, pasted or filled in, the
 * wait before the next code, and what is wrong.
 *
 * @param tell - is called after each change
 * @param report - is told the sign-in, while the form is still on the page
 */
export function createSmsForm(login: Login, tell: () => void, report?: Report) {
  let requestId = ''
  let ticking: ReturnType<typeof setInterval> | undefined
  let form: SmsForm = {
    country: '86',
    number: '',
    code: '',
    codeLength: 6,
    waitS: 0,
    isSending: false,
    isChecking: false,
    sentTo: '',
    error: '',
    wrong: '',
  }

  function change(next: Partial<SmsForm>) {
    form = { ...form, ...next }
    tell()
  }

  const say = (name: SmsText) => smsTexts[name][login.read().language]
  const fail = (wrong: SmsForm['wrong'], error: string) => change({ wrong, error })

  function wait(seconds: number) {
    clearInterval(ticking)
    const endsAtMs = Date.now() + seconds * 1000
    const tick = () => {
      const waitS = Math.max(0, Math.ceil((endsAtMs - Date.now()) / 1000))
      if (waitS === 0) clearInterval(ticking)
      change({ waitS })
    }
    ticking = setInterval(tick, 1000)
    tick()
  }

  /** What the service or the network said about it. */
  function failBy(cause: unknown, wrong: SmsForm['wrong']) {
    const error = toLoginError(cause)
    if (error.retryAfterS) wait(error.retryAfterS)
    // A code that is over is of no more use: only a new one is.
    if (error.reason === 'SMS_CODE_OVER') requestId = ''
    if (error.reason.startsWith('SMS_CODE')) change({ code: '' })
    fail(wrong, error.texts[login.read().language])
  }

  async function submit(): Promise<boolean> {
    const { code } = form
    if (form.isChecking) return false
    if (!requestId || code.length < 4) {
      fail(requestId ? 'code' : 'number', say(form.number ? 'noCode' : 'noNumber'))
      return false
    }
    change({ isChecking: true, error: '', wrong: '' })
    try {
      await login.signInBySms({ requestId, code }, report)
      return true
    } catch (cause) {
      failBy(cause, 'code')
      return false
    } finally {
      change({ isChecking: false })
    }
  }

  return {
    read: () => form,
    setCountry: (text: string) => change({ country: plain(text).replace(/\D/g, '').slice(0, 4) }),
    setNumber: (text: string) => change({ ...readNumber(text, form.country), error: '', wrong: '' }),

    /** Takes the digits of a code out of whatever was pasted, and signs in when they are all there. */
    setCode(text: string): Promise<boolean> {
      const runs = plain(text).split(/\D+/)
      const whole = runs.find(({ length }) => length === form.codeLength)
      const code = (whole ?? runs.join('')).slice(0, form.codeLength)
      const isComplete = code !== form.code && code.length === form.codeLength && requestId !== ''
      change({ code, error: '', wrong: '' })
      return isComplete ? submit() : Promise.resolve(false)
    },

    async send(): Promise<void> {
      const { country, number } = form
      if (form.isSending || form.waitS > 0) return
      if (!number) return fail('number', say('noNumber'))
      change({ isSending: true, error: '', wrong: '' })
      try {
        const to = number.startsWith('+') ? {} : { countryCallingCode: country }
        const sent = await login.sendSms({ phoneNumber: number, ...to })
        requestId = sent.requestId
        change({ sentTo: sent.masked, codeLength: sent.codeLength, code: '' })
        wait(sent.resendInS)
      } catch (cause) {
        failBy(cause, 'number')
      } finally {
        change({ isSending: false })
      }
    },

    submit,
    /** Ends the timer of a form that leaves the page. */
    close: () => clearInterval(ticking),
  }
}
