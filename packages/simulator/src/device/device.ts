import { readInput } from '../http/read-input.ts'
import type { Model } from '../model/model.ts'
import type { PhoneTap, SheetAnswer } from '../model/phone-consent.ts'
import type { PhoneDetail } from '../model/phone-events.ts'
import type { PrivacySetting } from '../model/privacy.ts'
import type { UserInfoAnswer, UserInfoCall } from '../model/user-info.ts'
import { inputs } from './inputs.ts'

/** One user in one mini program. */
export interface Party {
  appid: string
  /** Name of the user; an unknown one is made on the spot, with a number of their own. */
  user: string
}

/** What the user did with the privacy popup; `forget` removes the mini program, `query` only looks. */
export type PrivacyEvent = 'agree' | 'disagree' | 'query' | 'forget'

/** A tap and its answer in one. */
export type PhoneAction = PhoneTap & Omit<SheetAnswer, 'sheetId' | 'smsCode'>

/** What people do on their phones; the device endpoints are these over HTTP. */
export interface Device {
  /** `wx.login` */
  login(party: Party): { code: string; errMsg: string }
  /** `wx.checkSession` */
  checkSession(party: Party): { errMsg: string }
  /** `wx.getUserProfile`, or `wx.getUserInfo` when `call` says so; without `errMsg`. */
  userInfo(input: Party & { call?: UserInfoCall }): UserInfoAnswer
  /**
   * A tap on a phone button and the answer on its sheet, SMS step included; gives the event's `detail`.
   *
   * Without `agreePrivacy` the user has come past the privacy popup; `false` makes them stop there.
   */
  phone(action: PhoneAction): PhoneDetail
  /** The privacy popup, and `wx.getPrivacySetting` with `query`. */
  privacy(input: Party & { event: PrivacyEvent }): PrivacySetting
}

/** Each call checks what it is given: a misspelt field would be a tap that was never meant. */
export function createDevice(getModel: () => Model): Device {
  return {
    login(party) {
      const { appid, user } = readInput(inputs.who, party)
      return getModel().login.login(appid, user)
    },
    checkSession(party) {
      const { appid, user } = readInput(inputs.who, party)
      return getModel().login.checkSession(appid, user)
    },
    userInfo(input) {
      const { appid, user, call } = readInput(inputs.userInfo, input)
      return getModel().userInfo(appid, user, call)
    },
    phone(action) {
      const { answer, numberId, number, save, ...tap } = readInput(inputs.phone, action)
      return getModel().consent.tapAndAnswer(tap, { answer, numberId, number, save })
    },
    privacy(input) {
      const { appid, user, event } = readInput(inputs.privacy, input)
      const { privacy, apps, users } = getModel()
      const app = apps.get(appid)
      users.meet(user)
      if (event === 'disagree') privacy.refuse(appid, user)
      else if (event !== 'query') privacy.set(appid, user, event === 'agree')
      return privacy.setting(app, user)
    },
  }
}
