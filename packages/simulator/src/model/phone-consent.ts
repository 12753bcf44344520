import { SimulatorError } from '../errors.ts'
import type { Text } from '../text.ts'
import type { AgeingCodes } from './ageing-codes.ts'
import { CODE_TTL_MS } from './ageing-codes.ts'
import { type App, type Apps, getMiniProgram, hasPhonePermission } from './apps.ts'
import { CURRENT_BASE_LIBRARY, isAtLeast } from './base-library.ts'
import type { Billing } from './billing.ts'
import type { Clock } from './clock.ts'
import type { PhoneCode, PhoneComponent } from './codes.ts'
import { encryptOpenData } from './encrypted-data.ts'
import type { EncryptedMessages } from './encrypted-messages.ts'
import type { NextEvent, NextEvents } from './next-events.ts'
import { chooseNumber, type NumberChoice } from './number-choice.ts'
import { phoneEndings } from './phone-endings.ts'
import { createPhoneFailures, NO_QUOTA_TOAST, type PhoneDetail, type Platform } from './phone-events.ts'
import { phoneInfo } from './phone-info.ts'
import { isSameNumber, type PhoneNumber } from './phone-numbers.ts'
import type { Privacy } from './privacy.ts'
import type { Random } from './random.ts'
import type { Sessions } from './sessions.ts'
import type { Sheet, Sheets } from './sheets.ts'
import type { Switches } from './switches.ts'
import { openidOf, type Users } from './users.ts'

/** A tap on a phone button. */
export interface PhoneTap {
  appid: string
  user: string
  component: PhoneComponent
  /** The button is of the combined form `…|agreePrivacyAuthorization`. */
  agreePrivacy?: boolean | undefined
  /** `phone-number-no-quota-toast`. Default is true. */
  noQuotaToast?: boolean | undefined
  /** Default is `ios`. */
  platform?: Platform | undefined
  /** Default is the current version. */
  baseLibrary?: string | undefined
}

export interface SheetAnswer extends NumberChoice {
  sheetId: string
  answer: 'allow' | 'deny'
  smsCode?: string | undefined
  /** Keep a newly added number for the next time. */
  save?: boolean | undefined
}

export type TapResult = { sheet: Sheet } | { detail: PhoneDetail; toast?: Text }

export interface PhoneConsent {
  /** What happens at the tap: a sheet, or a failure at once. */
  tap(tap: PhoneTap): TapResult
  sendSms(sheetId: string, choice: NumberChoice): string
  /** The user's answer: charges on success, closes the sheet. A wrong SMS code throws and leaves it open. */
  answer(answer: SheetAnswer): PhoneDetail
  /** Tap and answer in one, the SMS step included. */
  tapAndAnswer(tap: PhoneTap, answer: Omit<SheetAnswer, 'sheetId' | 'smsCode'>): PhoneDetail
}

interface Parts {
  clock: Clock
  random: Random
  switches: Switches
  apps: Apps
  users: Users
  privacy: Privacy
  billing: Billing
  sessions: Sessions
  sheets: Sheets
  nextEvents: NextEvents
  lastProvided: Map<string, PhoneNumber>
  phoneCodes: AgeingCodes<PhoneCode>
  encryptedMessages: EncryptedMessages
}

/** From which base library a tap does anything at all, by component. */
const MIN_LIBRARY: Readonly<Record<PhoneComponent, string>> = { quick: '1.2.0', realtime: '2.24.4' }
/** From which base library the event carries a code. */
const MIN_LIBRARY_FOR_CODE = '2.21.2'
/** From which base library `phone-number-no-quota-toast` is heeded. */
const MIN_LIBRARY_FOR_NO_TOAST = '3.0.1'

export function createPhoneConsent(parts: Parts): PhoneConsent {
  const { clock, random, switches, apps, users, privacy, billing, sessions, sheets } = parts
  const failures = createPhoneFailures(switches)

  const isFree = (app: App, platform: Platform) =>
    app.freeOfCharge || (platform === 'devtools' && switches.get('devtools-taps') === 'free')
  const lacksQuota = (app: App, component: PhoneComponent, platform: Platform) =>
    !isFree(app, platform) && billing.remaining(app.appid, component) <= 0

  /** What an ordered wording makes of a tap; an ordered refusal without one waits until the sheet would open. */
  const endAsOrdered = (event: NextEvent, { appid, component }: PhoneTap): PhoneDetail | undefined => {
    const { ending = 'deny', errMsg, errno } = event
    if (errMsg !== undefined) {
      parts.nextEvents.use(event)
      return errno === undefined ? { errMsg } : { errMsg, errno }
    }
    if (ending === 'deny') return undefined
    parts.nextEvents.use(event)
    if (phoneEndings[ending].isRefusal) billing.note(appid, component, 'refusals')
    if (ending === 'no-quota') billing.note(appid, component, 'noQuota')
    return failures.ordered(component, phoneEndings[ending])
  }

  const tap = (input: PhoneTap): TapResult => {
    const { component, platform = 'ios', baseLibrary = CURRENT_BASE_LIBRARY } = input
    const app = getMiniProgram(apps, input.appid)
    const user = users.meet(input.user)
    if (!isAtLeast(baseLibrary, MIN_LIBRARY[component])) throw notSupported(component)
    const ordered = parts.nextEvents.find(app.appid, user.name)
    const detail = ordered && endAsOrdered(ordered, input)
    if (detail) return { detail }
    if (!hasPhonePermission(app)) return { detail: failures.noPermission(component) }

    const isCombined =
      input.agreePrivacy === true && isAtLeast(baseLibrary, switches.get('combined-min-library'))
    if (isAtLeast(baseLibrary, switches.get('privacy-min-library'))) {
      if (!app.privacyDeclared) return { detail: failures.privacyNotDeclared(component) }
      if (!isCombined && !privacy.hasAgreed(app.appid, user.name)) {
        return { detail: failures.privacyNotAgreed(component) }
      }
    }
    if (isCombined && switches.get('combined-refusal') === 'privacy-agreed') {
      privacy.set(app.appid, user.name, true)
    }
    if (lacksQuota(app, component, platform)) {
      billing.note(app.appid, component, 'noQuota')
      const detail = failures.noQuota(component)
      const isQuiet = input.noQuotaToast === false && isAtLeast(baseLibrary, MIN_LIBRARY_FOR_NO_TOAST)
      return isQuiet ? { detail } : { detail, toast: NO_QUOTA_TOAST }
    }
    if (ordered) {
      parts.nextEvents.use(ordered)
      billing.note(app.appid, component, 'refusals')
      return { detail: failures.refused(component, platform, baseLibrary) }
    }
    return {
      sheet: sheets.open({ appid: app.appid, user: user.name, component, platform, baseLibrary, isCombined }),
    }
  }

  const succeed = (sheet: Sheet, number: PhoneNumber): PhoneDetail => {
    const app = apps.get(sheet.appid)
    billing.charge(app.appid, sheet.component, isFree(app, sheet.platform))
    if (sheet.isCombined) privacy.set(app.appid, sheet.user, true)

    parts.lastProvided.set(`${app.appid} ${sheet.user}`, number)
    const openid = openidOf(app, sheet.user)
    const owner = { openid, appid: app.appid, user: sheet.user }
    const consentAtMs = clock.nowMs()
    const session = sessions.find(openid) ?? sessions.replace(owner)
    const iv = random.base64(16)
    const watermark = { timestamp: Math.floor(consentAtMs / 1000), appid: app.appid }
    const encryptedData = encryptOpenData(session.sessionKey, iv, phoneInfo(number, watermark, switches))
    parts.encryptedMessages.add(app.appid, encryptedData)

    const detail: PhoneDetail = { errMsg: `${failures.prefix(sheet.component)}:ok`, encryptedData, iv }
    if (app.cloudDevelopment) detail.cloudID = `71_${random.urlSafe(48)}`
    if (!isAtLeast(sheet.baseLibrary, MIN_LIBRARY_FOR_CODE)) return detail
    detail.code = parts.phoneCodes.add({
      ...owner,
      code: random.hex(64),
      number: { countryCallingCode: number.countryCallingCode, nationalNumber: number.nationalNumber },
      component: sheet.component,
      bornAtMs: sheet.openedAtMs,
      consentAtMs,
      usedAtMs: undefined,
    }).code
    return detail
  }

  const isVerified = ({ component }: Sheet) =>
    component === 'realtime' && switches.get('realtime-step') === 'sms'
  const needsSms = (sheet: Sheet, number: PhoneNumber) =>
    isVerified(sheet) || !users.meet(sheet.user).numbers.some((own) => isSameNumber(own, number))

  const allow = (sheet: Sheet, input: SheetAnswer): PhoneDetail => {
    const { component } = sheet
    const app = apps.get(sheet.appid)
    const user = users.meet(sheet.user)
    const number = chooseNumber(user, input)
    if (needsSms(sheet, number)) sheets.checkSms(sheet, number, input.smsCode)
    sheets.close(sheet.sheetId)
    if (
      switches.get('late-consent') === 'client-time-out' &&
      clock.nowMs() - sheet.openedAtMs > CODE_TTL_MS
    ) {
      billing.note(app.appid, component, 'timeouts')
      return failures.timeOut(component)
    }
    // Two sheets may be open on the last call of a balance; there is no overdraft.
    if (lacksQuota(app, component, sheet.platform)) {
      billing.note(app.appid, component, 'noQuota')
      return failures.noQuota(component)
    }
    if (input.save) users.addNumber(user, number)
    return succeed(sheet, number)
  }

  const answer = (input: SheetAnswer): PhoneDetail => {
    const sheet = sheets.get(input.sheetId)
    if (input.answer === 'allow') return allow(sheet, input)
    sheets.close(sheet.sheetId)
    billing.note(sheet.appid, sheet.component, 'refusals')
    return failures.refused(sheet.component, sheet.platform, sheet.baseLibrary)
  }

  const sendSms = (sheetId: string, choice: NumberChoice): string => {
    const sheet = sheets.get(sheetId)
    return sheets.sendSms(sheet, chooseNumber(users.meet(sheet.user), choice))
  }

  return {
    tap,
    sendSms,
    answer,
    tapAndAnswer(input, given) {
      const app = getMiniProgram(apps, input.appid)
      // Whoever answers in one step has come past the official privacy popup, unless told otherwise.
      if (input.agreePrivacy === undefined && app.privacyDeclared) {
        privacy.set(app.appid, input.user, true)
      }
      const result = tap(input)
      if ('detail' in result) return result.detail
      const { sheetId } = result.sheet
      try {
        const smsCode = given.answer === 'allow' ? sendSms(sheetId, given) : undefined
        return answer({ ...given, sheetId, smsCode })
      } finally {
        sheets.close(sheetId)
      }
    },
  }
}

function notSupported(component: PhoneComponent): SimulatorError {
  return new SimulatorError(409, 'NOT_SUPPORTED_BY_BASE_LIBRARY', {
    zh: `基础库低于 ${MIN_LIBRARY[component]}，点这个按钮不会有任何事件。`,
    en: `Below base library ${MIN_LIBRARY[component]} a tap on this button fires no event.`,
  })
}
