import type { DeviceContext } from './device.ts'
import { insist } from './insist.ts'
import type { Dialog } from './stage.ts'
import { texts } from './texts.ts'
import { contractView, privacyView } from './views/privacy.ts'
import type { PrivacyEvent } from './wire.ts'

export interface PrivacyAnswer {
  event: 'exposureAuthorization' | 'agree' | 'disagree'
  buttonId?: string
}

export type PrivacyListener = (resolve: (answer: PrivacyAnswer) => void, info: { referrer: string }) => void

/** The privacy agreement: asked once for however many calls wait for it, by the page's popup or WeChat's. */
export const createPrivacyFlow = ({ wire, stage, settings }: DeviceContext) => {
  let listener: PrivacyListener | undefined
  let pending: Promise<boolean> | undefined

  const send = (event: PrivacyEvent) => wire.privacy({ appid: settings.appid, user: settings.user, event })

  /** The app as the popup shows it; WeChat names a guideline 《…小程序隐私保护指引》 after its mini program. */
  const app = (contractName: string) => ({
    appid: settings.appid,
    name: contractName.match(/^《?(.+?)(小程序)?隐私保护指引》?$/)?.[1]?.trim() ?? settings.appid,
  })

  /** The page's popup answers with words; whether the user really agreed is what the platform was told by the tap. */
  const askPage = async (ask: PrivacyListener, referrer: string): Promise<boolean> => {
    const { event } = await new Promise<PrivacyAnswer>((resolve) => {
      ask((answer) => answer.event !== 'exposureAuthorization' && resolve(answer), { referrer })
    })
    if (event === 'agree') return !(await send('query')).needAuthorization
    await send('disagree')
    return false
  }

  const showContract = (dialog: Dialog, contractName: string): Promise<void> =>
    new Promise((onClose) => {
      const t = texts[settings.language]
      dialog.show(contractView({ t, app: app(contractName), contractName, onClose }))
    })

  const askUser = async (contractName: string): Promise<boolean> => {
    const dialog = stage.openDialog('haoma-privacy')
    const agreed = await new Promise<boolean>((resolve) => {
      const view = privacyView({
        t: texts[settings.language],
        app: app(contractName),
        contractName,
        onAgree: () => resolve(true),
        onDisagree: () => resolve(false),
        onRead: () => void showContract(dialog, contractName).then(() => dialog.show(view)),
      })
      dialog.show(view)
    })
    const told = await insist(
      () => send(agreed ? 'agree' : 'disagree'),
      () => dialog,
      settings.language,
    )
    await dialog.close()
    return agreed && told !== undefined
  }

  const ask = async (referrer: string): Promise<boolean> => {
    const state = await send('query')
    if (!state.needAuthorization) return true
    if (listener) return askPage(listener, referrer)
    return state.isPopupPaused ? false : askUser(state.privacyContractName)
  }

  return {
    listen: (next: PrivacyListener | undefined) => {
      listener = next
    },
    /** Resolves with whether the user has agreed, asking when they have not yet. */
    require: (referrer: string): Promise<boolean> => {
      const asking = pending ?? ask(referrer)
      pending = asking
      const settle = () => {
        if (pending === asking) pending = undefined
      }
      asking.then(settle, settle)
      return asking
    },
    /** Whoever waits is not answered; the next call asks anew. */
    abandon: () => {
      pending = undefined
    },
    openContract: async () => {
      const { privacyContractName } = await send('query')
      const dialog = stage.openDialog('haoma-contract')
      await showContract(dialog, privacyContractName)
      await dialog.close()
    },
  }
}
