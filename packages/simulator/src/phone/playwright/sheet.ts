import type { PageLike } from './structural.ts'

/** WeChat's consent sheet, as the person holding the phone uses it. */
export interface Sheet {
  /** Waits until the sheet is open. */
  waitFor(): Promise<void>
  isOpen(): Promise<boolean>
  /** 允许: hands over the number that is chosen. */
  allow(): Promise<void>
  /** 拒绝. */
  deny(): Promise<void>
  /** Chooses one of the numbers shown, by any part of it. */
  chooseNumber(part: string): Promise<void>
  /** 使用其他号码: types a number, has the SMS sent and fills in the code; `allow` is not needed after it. */
  addNumber(number: string, options?: { save?: boolean }): Promise<void>
  /** The code in the SMS notification at the top of the screen, once it is there. */
  readSms(): Promise<string>
  /** Types an SMS code and confirms. Default is the code of the notification. */
  fillSms(code?: string): Promise<void>
}

/** The privacy popup that WeChat shows when a mini program has none of its own. */
export interface PrivacyPopup {
  agree(): Promise<void>
  disagree(): Promise<void>
}

/** Gives the sheet of a phone page. */
export function createSheet(page: PageLike): Sheet {
  const part = (name: string) => page.getByTestId(`haoma-${name}`)
  const readSms = async () => {
    const notification = part('sms-notification')
    await notification.waitFor()
    const code = /\b\d{6}\b/.exec((await notification.innerText()).replace(/\s+/g, ' '))?.[0]
    if (code === undefined) throw new Error('The SMS notification shows no code of six digits')
    return code
  }
  const confirm = async (code: string) => {
    await part('sms-input').fill(code)
    await part('confirm').click()
  }
  return {
    waitFor: () => part('sheet').waitFor(),
    isOpen: () => part('sheet').isVisible(),
    allow: () => part('allow').click(),
    deny: () => part('deny').click(),
    chooseNumber: (text) => part('sheet').locator('.number', { hasText: text }).click(),
    async addNumber(number, { save = false } = {}) {
      await part('other-number').click()
      await part('number-input').fill(number)
      if (save) await part('save').click()
      await part('send-sms').click()
      await confirm(await readSms())
    },
    readSms,
    fillSms: async (code) => confirm(code ?? (await readSms())),
  }
}

/** Gives the privacy popup of a phone page. */
export function createPrivacyPopup(page: PageLike): PrivacyPopup {
  return {
    agree: () => page.getByTestId('haoma-privacy-agree').click(),
    disagree: () => page.getByTestId('haoma-privacy-disagree').click(),
  }
}
