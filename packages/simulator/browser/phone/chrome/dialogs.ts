import { reactive } from 'vue'
import type { ActionSheet, Host, Modal, ModalResult, Toast } from '../host.ts'

/** WeChat's native dialogs that are open now. */
export interface Dialogs {
  toast: Toast | undefined
  modal: Modal | undefined
  actionSheet: ActionSheet | undefined
  preview: { urls: string[]; current: number } | undefined
  answerModal(result: ModalResult): void
  answerActionSheet(index: number): void
  closePreview(): void
  /** Takes everything away, as when the mini program restarts; nothing is answered. */
  dismissAll(): void
}

type DialogCalls = Pick<Host, 'showToast' | 'showModal' | 'showActionSheet' | 'previewImages'>

/** Creates the dialogs and the calls that open them. */
export function createDialogs(): { dialogs: Dialogs; calls: DialogCalls } {
  let toastTimer: ReturnType<typeof setTimeout> | undefined
  let resolveModal: ((result: ModalResult) => void) | undefined
  let resolveSheet: ((index: number) => void) | undefined

  const dialogs: Dialogs = reactive({
    toast: undefined as Toast | undefined,
    modal: undefined as Modal | undefined,
    actionSheet: undefined as ActionSheet | undefined,
    preview: undefined as { urls: string[]; current: number } | undefined,
    answerModal(result: ModalResult) {
      dialogs.modal = undefined
      resolveModal?.(result)
    },
    answerActionSheet(index: number) {
      dialogs.actionSheet = undefined
      resolveSheet?.(index)
    },
    closePreview() {
      dialogs.preview = undefined
    },
    dismissAll() {
      clearTimeout(toastTimer)
      Object.assign(dialogs, {
        toast: undefined,
        modal: undefined,
        actionSheet: undefined,
        preview: undefined,
      })
    },
  })

  const calls: DialogCalls = {
    showToast(toast) {
      clearTimeout(toastTimer)
      dialogs.toast = toast
      if (toast?.durationMs !== undefined) {
        toastTimer = setTimeout(() => {
          dialogs.toast = undefined
        }, toast.durationMs)
      }
    },
    showModal: (modal) =>
      new Promise((resolve) => {
        dialogs.modal = modal
        resolveModal = resolve
      }),
    showActionSheet: (sheet) =>
      new Promise((resolve) => {
        dialogs.actionSheet = sheet
        resolveSheet = resolve
      }),
    previewImages(urls, current) {
      dialogs.preview = { urls, current }
    },
  }
  return { dialogs, calls }
}
