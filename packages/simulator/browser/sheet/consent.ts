import type { DeviceContext } from './device.ts'
import { insist } from './insist.ts'
import { texts } from './texts.ts'
import { addNumberView } from './views/add-number.ts'
import { numbersView } from './views/numbers.ts'
import { contractView } from './views/privacy.ts'
import { smsCodeView } from './views/sms-code.ts'
import type { Consent, NumberChoice, OpenedSheet, PhoneDetail, SheetNumber } from './wire.ts'

/** What the page is told when the person gives up waiting for a simulator that is gone. */
export const UNREACHABLE: PhoneDetail = { errMsg: 'getPhoneNumber:fail simulator unreachable' }

/** Shows the consent sheet that the simulator has opened and hands its outcome to `onDetail`. */
export const showConsent = (
  { wire, stage, settings: { language } }: DeviceContext,
  sheet: OpenedSheet,
  onDetail: (detail: PhoneDetail) => void,
): void => {
  const t = texts[language]
  const { sheetId, app } = sheet
  const dialog = stage.openDialog('haoma-sheet')
  let selected: SheetNumber | undefined
  let closing = false

  const finish = async (detail: PhoneDetail) => {
    closing = true
    await dialog.close()
    onDetail(detail)
  }

  /** One request at a time: a double tap on 允许 must not consent twice. */
  let waiting = false
  const ask = async <T>(request: () => Promise<T>): Promise<T | undefined> => {
    if (waiting || closing) return undefined
    waiting = true
    try {
      const answer = await insist(request, () => dialog, language)
      if (!answer) await finish(UNREACHABLE)
      return answer
    } finally {
      waiting = false
    }
  }

  const deny = async () => {
    const answer = await ask(() => wire.deny(sheetId))
    if (answer) await finish(answer.detail)
  }

  /** Resolves with what is wrong with the consent (a wrong SMS code); otherwise the sheet closes. */
  const allow = async (given: Consent): Promise<string | undefined> => {
    const answer = await ask(() => wire.allow(sheetId, given))
    if (!answer) return undefined
    if ('error' in answer) return answer.error[language]
    await finish(answer.detail)
    return undefined
  }

  /** Lets an SMS arrive on the phone, where a tap fills its code in. */
  const sendSms = async (choice: NumberChoice, fill: (smsCode: string) => void) => {
    const answer = await ask(() => wire.sendSms(sheetId, choice))
    if (!answer) return undefined
    if ('error' in answer) return answer.error[language]
    const { smsCode } = answer
    dialog.notify({
      title: t.messages,
      when: t.now,
      text: t.smsText(smsCode),
      action: t.fillIn,
      close: t.closeNotice,
      onTap: () => fill(smsCode),
    })
    return undefined
  }

  const onDeny = () => void deny()

  const showNumbers = () =>
    dialog.show(
      numbersView({
        t,
        sheet,
        selected,
        onAllow: (number) => {
          selected = number
          if (sheet.smsRequired) showSmsStep(number)
          else void allow({ choice: { numberId: number.id } })
        },
        onOther: showAddNumber,
        onDeny,
        onRead: showGuideline,
      }),
    )

  const showGuideline = () =>
    dialog.show(
      contractView({ t, app, contractName: t.contractName(app.name), onClose: () => void showNumbers() }),
    )

  const showSmsStep = (number: SheetNumber) => {
    const choice = { numberId: number.id }
    const { view, send, fill } = smsCodeView({
      t,
      app,
      sentTo: number.display,
      onSend: () => sendSms(choice, fill),
      onCode: (smsCode) => allow({ choice, smsCode }),
      onBack: showNumbers,
      onDeny,
    })
    dialog.show(view)
    void send()
  }

  const showAddNumber = () => {
    const { view, fill } = addNumberView({
      t,
      app,
      onSend: (number) => sendSms({ number }, fill),
      onConfirm: ({ number, smsCode, save }) => allow({ choice: { number }, smsCode, save }),
      onBack: showNumbers,
      onDeny,
    })
    dialog.show(view)
  }

  showNumbers()
}
