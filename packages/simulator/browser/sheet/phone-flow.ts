import { showConsent, UNREACHABLE } from './consent.ts'
import type { DeviceContext } from './device.ts'
import { insist } from './insist.ts'
import type { Dialog } from './stage.ts'
import { texts } from './texts.ts'
import { quotaView } from './views/quota.ts'
import {
  type BilingualText,
  DeviceError,
  type OpenedSheet,
  type PhoneComponent,
  type PhoneDetail,
  type SheetLayout,
} from './wire.ts'

export interface PhoneRequest {
  component: PhoneComponent
  /** The button's combined form, `getPhoneNumber|agreePrivacyAuthorization`: one tap does both. */
  agreePrivacy?: boolean
  /** The button's `phone-number-no-quota-toast`: `false` keeps WeChat's toast away when the quota is used up. */
  noQuotaToast?: boolean
}

const PRIVACY_NOT_AGREED = 104
const BUSY: PhoneDetail = { errMsg: 'getPhoneNumber:fail another sheet is open' }

/** A base library older than the button: WeChat fires no event at all, so neither do we; the toast says why. */
const ifNoEvent = (error: unknown): { noEvent: BilingualText } => {
  if (error instanceof DeviceError && error.code === 'NOT_SUPPORTED_BY_BASE_LIBRARY')
    return { noEvent: error.text }
  throw error
}

/** Takes one tap on a phone button to its `detail`; at most one sheet is open at a time. */
export const createPhoneFlow = (
  context: DeviceContext,
  requirePrivacy: (referrer: string) => Promise<boolean>,
) => {
  const { wire, stage, settings } = context
  /** The tap being served; a tap that was abandoned is no longer this one. */
  let serving: symbol | undefined
  let openSheetId: string | undefined

  const open = async (request: PhoneRequest) => {
    const { appid, user, platform, baseLibrary } = settings
    let dialog: Dialog | undefined
    const tap = { ...request, appid, user, platform, baseLibrary }
    const opened = await insist(
      () => wire.open(tap).catch(ifNoEvent),
      () => (dialog ??= stage.openDialog('haoma-sheet')),
      settings.language,
    )
    await dialog?.close()
    return opened ?? { detail: UNREACHABLE }
  }

  const consent = (sheet: OpenedSheet, tap: symbol): Promise<PhoneDetail> =>
    new Promise((resolve) => {
      if (serving !== tap) return wire.abandon(sheet.sheetId)
      openSheetId = sheet.sheetId
      showConsent(context, sheet, (detail) => {
        openSheetId = undefined
        resolve(detail)
      })
    })

  const noEvent = (text: BilingualText): Promise<PhoneDetail> => {
    stage.toast(text[settings.language])
    serving = undefined
    return never()
  }

  /** The page has its event already; the notice stays until the person closes it. */
  const showNoQuota = (text: string, layout: SheetLayout) => {
    if (layout === 'desktop') return stage.toast(text)
    const dialog = stage.openDialog('haoma-quota')
    dialog.show(quotaView(texts[settings.language], text, () => void dialog.close()))
  }

  const serve = async (request: PhoneRequest, tap: symbol): Promise<PhoneDetail> => {
    let opened = await open(request)
    if ('detail' in opened && opened.detail.errno === PRIVACY_NOT_AGREED) {
      if (await requirePrivacy('getPhoneNumber')) opened = await open(request)
    }
    if ('noEvent' in opened) return noEvent(opened.noEvent)
    if ('sheetId' in opened) return consent(opened, tap)
    if ('toast' in opened && opened.toast) showNoQuota(opened.toast[settings.language], opened.layout)
    return opened.detail
  }

  return {
    request: async (request: PhoneRequest): Promise<PhoneDetail> => {
      if (serving) return BUSY
      const tap = Symbol('tap')
      serving = tap
      const detail = await serve(request, tap).catch(unreachable)
      if (serving !== tap) return never()
      serving = undefined
      return detail
    },

    /** The page was left: tells the simulator, and the pending request never settles. */
    abandon: () => {
      serving = undefined
      if (openSheetId !== undefined) wire.abandon(openSheetId)
      openSheetId = undefined
    },
  }
}

const never = (): Promise<PhoneDetail> => new Promise(() => {})

const unreachable = (error: unknown): PhoneDetail => {
  if (error instanceof DeviceError) return UNREACHABLE
  throw error
}
