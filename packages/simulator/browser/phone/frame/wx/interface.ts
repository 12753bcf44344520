import type { ActionSheet, Host, Modal, Toast } from '../../host.ts'
import { WxFailure } from './callback.ts'

type Options = Record<string, unknown>

const toastMs = 1500
const maxActions = 6

/** Toasts, modals and lists: asked of the chrome, which draws them as WeChat's native parts. */
export function createInterface(host: Host, fileUrl: (source: string) => string) {
  const text = (options: Options, name: string, fallback = '') => String(options[name] ?? fallback)
  const english = () => host.facts().language === 'en'

  const showToast = (options: Options) => {
    const toast: Toast = {
      title: text(options, 'title'),
      icon: (options.icon ?? 'success') as Toast['icon'],
      durationMs: Number(options.duration ?? toastMs),
      mask: Boolean(options.mask),
      ...(options.image ? { image: fileUrl(String(options.image)) } : {}),
    }
    host.showToast(toast)
  }
  const showModal = async (options: Options) => {
    const modal: Modal = {
      title: text(options, 'title'),
      content: text(options, 'content'),
      showCancel: options.showCancel !== false,
      cancelText: text(options, 'cancelText', english() ? 'Cancel' : '取消'),
      cancelColor: text(options, 'cancelColor', ''),
      confirmText: text(options, 'confirmText', english() ? 'OK' : '确定'),
      confirmColor: text(options, 'confirmColor', ''),
      editable: Boolean(options.editable),
      placeholderText: text(options, 'placeholderText'),
    }
    for (const name of ['cancelText', 'confirmText'] as const) {
      // WeChat counts characters, not words, and refuses longer ones outright.
      if (options[name] !== undefined && modal[name].length > 4 && /[\u4e00-\u9fff]/.test(modal[name])) {
        throw new WxFailure(`${name} length should not larger than 4 Chinese characters`)
      }
    }
    return { ...(await host.showModal(modal)) }
  }
  const showActionSheet = async (options: Options) => {
    const items = options.itemList
    if (!Array.isArray(items) || items.length === 0) {
      throw new WxFailure('parameter error: parameter.itemList should have at least 1 item')
    }
    if (items.length > maxActions)
      throw new WxFailure(`parameter error: itemList should not exceed ${maxActions} items`)
    const sheet: ActionSheet = {
      alertText: text(options, 'alertText'),
      items: items.map(String),
      itemColor: text(options, 'itemColor', ''),
    }
    const tapIndex = await host.showActionSheet(sheet)
    if (tapIndex < 0) throw new WxFailure('cancel')
    return { tapIndex }
  }
  return {
    showToast,
    hideToast: () => host.showToast(undefined),
    showLoading: (options: Options) =>
      host.showToast({ title: text(options, 'title'), icon: 'loading', mask: Boolean(options.mask) }),
    hideLoading: () => host.showToast(undefined),
    showModal,
    showActionSheet,
    previewImage: (options: Options) => {
      const urls = (options.urls as string[] | undefined)?.map(fileUrl) ?? []
      const current = options.current
      const index =
        typeof current === 'number' ? current : (options.urls as string[])?.indexOf(String(current))
      host.previewImages(urls, Math.max(0, index ?? 0))
    },
    setClipboardData: async (options: Options) => {
      clipboard = text(options, 'data')
      showToast({ title: english() ? 'Copied' : '内容已复制', icon: 'none' })
      await navigator.clipboard?.writeText(clipboard).catch(() => undefined)
    },
    getClipboardData: () => ({ data: clipboard }),
    vibrateShort: () => undefined,
    vibrateLong: () => undefined,
    makePhoneCall: (options: Options) => {
      showToast({ title: `${english() ? 'Call' : '拨打'} ${text(options, 'phoneNumber')}`, icon: 'none' })
    },
    setKeepScreenOn: () => undefined,
    hideKeyboard: () => (document.activeElement as HTMLElement | null)?.blur(),
    showShareMenu: () => undefined,
    hideShareMenu: () => undefined,
    hideHomeButton: () => undefined,
  }
}

/** The phone's own clipboard: the browser lets a page read the real one only with a permission. */
let clipboard = ''
