import { SimulatorError } from '../errors.ts'
import type { Clock } from './clock.ts'
import type { PhoneComponent } from './codes.ts'
import type { Platform } from './phone-events.ts'
import { isSameNumber, type PhoneNumber } from './phone-numbers.ts'
import type { Random } from './random.ts'

/** An open consent sheet on somebody's phone. */
export interface Sheet {
  sheetId: string
  appid: string
  user: string
  component: PhoneComponent
  platform: Platform
  baseLibrary: string
  /** Whether the button was the combined form that agrees to the privacy guideline too. */
  isCombined: boolean
  openedAtMs: number
  /** The verification code that was sent, and to which number. */
  sms?: { number: PhoneNumber; smsCode: string }
}

export interface Sheets {
  open(sheet: Omit<Sheet, 'sheetId' | 'openedAtMs'>): Sheet
  /** @throws SimulatorError `SHEET_GONE` */
  get(sheetId: string): Sheet
  close(sheetId: string): void
  sendSms(sheet: Sheet, number: PhoneNumber): string
  /** @throws SimulatorError `SMS_CODE_NOT_SENT`, `SMS_CODE_WRONG` */
  checkSms(sheet: Sheet, number: PhoneNumber, smsCode: string | undefined): void
}

/** Sheets nobody answers are forgotten, oldest first. */
const SHEETS_KEPT = 1000

export function createSheets({ clock, random }: { clock: Clock; random: Random }): Sheets {
  const sheets = new Map<string, Sheet>()
  return {
    open(input) {
      const sheet: Sheet = {
        ...input,
        sheetId: `sheet_${random.alphanumeric(16)}`,
        openedAtMs: clock.nowMs(),
      }
      sheets.set(sheet.sheetId, sheet)
      const [oldest] = sheets.size > SHEETS_KEPT ? sheets.keys() : []
      if (oldest) sheets.delete(oldest)
      return sheet
    },
    get(sheetId) {
      const sheet = sheets.get(sheetId)
      if (sheet) return sheet
      throw new SimulatorError(404, 'SHEET_GONE', {
        zh: '这个授权面板已关闭（已回答、页面已离开或模拟器已重置），请重新点按钮。',
        en: 'This consent sheet is closed: answered, its page left, or the simulator reset. Tap the button again.',
      })
    },
    close: (sheetId) => void sheets.delete(sheetId),
    sendSms(sheet, number) {
      sheet.sms = { number, smsCode: random.digits(6) }
      return sheet.sms.smsCode
    },
    checkSms(sheet, number, smsCode) {
      if (!sheet.sms || !isSameNumber(sheet.sms.number, number)) {
        throw new SimulatorError(400, 'SMS_CODE_NOT_SENT', {
          zh: '请先向这个号码发送验证码：POST /_device/phone/sms。',
          en: 'Send a verification code to this number first: POST /_device/phone/sms.',
        })
      }
      if (smsCode === sheet.sms.smsCode) return
      throw new SimulatorError(400, 'SMS_CODE_WRONG', {
        zh: '验证码错误，请重新输入',
        en: 'Wrong code. Try again.',
      })
    },
  }
}
