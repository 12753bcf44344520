import type { Dialog } from './stage.ts'
import { type Language, texts } from './texts.ts'
import { failureView } from './views/failure.ts'
import { DeviceError } from './wire.ts'

/**
 * Runs `request` until it is answered. While the simulator is away the dialog says so and offers to try
 * again; resolves with `undefined` when the person closes it instead.
 */
export const insist = async <T>(
  request: () => Promise<T>,
  dialog: () => Dialog,
  language: Language,
): Promise<T | undefined> => {
  try {
    return await request()
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error
    const before = dialog().shown()
    if (!(await wantsAnotherTry(error, dialog(), language))) return undefined
    const answer = await insist(request, dialog, language)
    if (before && answer !== undefined) dialog().show(before)
    return answer
  }
}

const wantsAnotherTry = (error: DeviceError, dialog: Dialog, language: Language): Promise<boolean> =>
  new Promise((resolve) => {
    const t = texts[language]
    dialog.show(
      failureView({
        t,
        title: error.code === 'SIMULATOR_UNREACHABLE' ? t.errorTitle : t.refusedTitle,
        text: error.text[language],
        onRetry: () => resolve(true),
        onClose: () => resolve(false),
      }),
    )
  })
