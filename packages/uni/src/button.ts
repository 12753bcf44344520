import type { PhoneComponent } from '@haoma/protocol'
import { type ButtonText, buttonTexts } from './button-texts.ts'
import { LoginError, type LoginErrorReason } from './login-error.ts'
import type { Login, LoginState, Report } from './types.ts'

/** What a page says about its button. */
export interface ButtonProps {
  /** `quick`: a number WeChat has checked before. `realtime`: a number WeChat checks now. Default is `quick`. */
  component?: PhoneComponent
  /** Shows the button although a number is known, to change it. Each change is paid for. */
  rebind?: boolean
  /** What the button says. Default is by component and language. */
  text?: string
  /** Your own words: of the button's states, and of any ending by its reason, e.g. `{ denied: '…' }`. */
  texts?: Partial<Record<ButtonText | LoginErrorReason, string>>
  /** `primary` is green, `default` grey. */
  type?: 'primary' | 'default'
  /** What stands where the button cannot help: the SMS form, or nothing of ours. Default is `sms`. */
  fallback?: 'sms' | 'none'
  /** Whether a number that must be verified now takes the realtime component, whatever this button is. Default is true. */
  reverify?: boolean
  /** `auto`: the button asks for the agreement to the privacy guideline; `none`: the page does. Default is `auto`. */
  privacy?: 'auto' | 'none'
}

/** What a press on the button does; `nothing` shows no button. */
type Press = 'tap' | 'agree-privacy' | 'retry' | 'sign-in' | 'merge' | 'nothing'

/** The button at one moment, to be drawn by whatever framework. */
export interface Button {
  /** The number is known: there is no button. */
  isKnown: boolean
  press: Press
  /** The component that is asked for. */
  component: PhoneComponent
  label: string
  /** WeChat's `open-type`; empty for a plain button. */
  openType: string
  look: 'primary' | 'default'
  isBusy: boolean
  isWorking: boolean
  /** Why the last attempt came to nothing; empty without. */
  message: string
  /** Whether the message is read out at once. */
  isAlert: boolean
  /** With which an operator finds the login; empty without. */
  support: string
  /** Whether another way in is due, */
  hasFallback: boolean
  /** and the SMS form is it. */
  hasSms: boolean
  /** What puts the message away; empty where it has to stay. */
  back: string
}

const openTypes = { quick: 'getPhoneNumber', realtime: 'getRealtimePhoneNumber' }

/** Draws nothing, decides everything: the same for Vue, native mini programs and Taro. */
export function buttonOf(state: LoginState, props: ButtonProps): Button {
  const { status, canRetry, isBusy, language, lastTapped, asksBy } = state
  const { component = 'quick', rebind = false, texts = {} } = props
  const action = state.error?.action
  const say = (name: ButtonText) => texts[name] || buttonTexts[name][language]

  const isVerifying = action === 'verify-number' && props.reverify !== false
  const asked = isVerifying ? 'realtime' : component
  const isMine = lastTapped === component || asked !== component
  const isTooOld = !state.canAsk[asked]
  const isDeadEnd =
    isTooOld ||
    (!rebind && !state.components[asked]) ||
    (status === 'failed' && !canRetry && isMine && !isVerifying)
  const isElsewhere = asksBy === 'none' && (status === 'outside-wechat' || status === 'signed-out')
  const hasSms = (isDeadEnd || isElsewhere) && state.hasSms && !rebind && props.fallback !== 'none'

  /** The first that holds. */
  const presses: [Press, boolean][] = [
    ['retry', canRetry],
    ['nothing', isElsewhere],
    ['sign-in', status === 'signed-out'],
    ['merge', action === 'resolve-conflict' && isMine],
    ['nothing', isDeadEnd],
    ['agree-privacy', state.privacyStep === 'before-tap' && props.privacy !== 'none'],
    ['tap', true],
  ]
  const press = presses.find(([, holds]) => holds)?.[0] ?? 'tap'

  const labels: Record<Press, ButtonText> = {
    retry: 'retry',
    'sign-in': 'signIn',
    merge: 'merge',
    'agree-privacy': 'agreePrivacy',
    tap: asked,
    nothing: 'back',
  }
  const isAtWork = press === 'tap' && (status === 'starting' || (status === 'exchanging' && isMine))
  const ownText = press === 'tap' && asked === component && props.text
  const openType: Partial<Record<Press, string>> = {
    'agree-privacy': 'agreePrivacyAuthorization',
    tap: openTypes[asked] + (state.privacyStep === 'with-tap' ? '|agreePrivacyAuthorization' : ''),
  }

  // A message of another button is that button's to show; a form in a browser speaks for itself.
  const isSaid = isMine || canRetry || lastTapped === undefined
  const isQuiet = isElsewhere && hasSms && !state.platform.startsWith('mp-')
  const error = isTooOld ? new LoginError('client-too-old') : isSaid && !isQuiet ? state.error : undefined
  const message = (error && (texts[error.reason] || error.texts[language])) ?? ''
  return {
    isKnown: state.member?.phone.bound === true && !rebind,
    press,
    component: asked,
    label: isAtWork ? say(status) : ownText || say(labels[press]),
    openType: (asksBy === 'native' && openType[press]) || '',
    look: press === 'retry' ? 'default' : (props.type ?? 'primary'),
    isBusy,
    isWorking: status === 'starting' || (isBusy && isMine),
    message,
    isAlert: status === 'failed' || isTooOld,
    support: error?.supportCode ? `${say('support')} ${error.supportCode}` : '',
    hasFallback: isDeadEnd || isElsewhere,
    hasSms,
    back: isDeadEnd && message && !isTooOld ? say(hasSms ? 'goBack' : 'back') : '',
  }
}

/** Does what the button says. In WeChat a tap opens the sheet by itself, and its event goes to `login.answer`. */
export async function pressButton(
  login: Login,
  { press, component }: Button,
  { quotaToast = false, report }: { quotaToast?: boolean; report?: Report } = {},
): Promise<void> {
  if (press === 'tap') await login.ask(component, { quotaToast, ...(report && { report }) })
  // WeChat's own button tells when the user has agreed; elsewhere the press itself does.
  if (press === 'agree-privacy' && login.read().asksBy !== 'native') login.agreePrivacy()
  if (press === 'retry') await login.retry()
  if (press === 'sign-in') await login.signIn()
  if (press !== 'merge') return
  // What went wrong is on the page already.
  await login.merge().catch(() => undefined)
  const { member, error } = login.read()
  if (member && !error) report?.({ result: 'bound', member })
}
