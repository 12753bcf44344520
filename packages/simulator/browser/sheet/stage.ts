import { animationsEnd, h, trapFocus } from './dom.ts'
import css from './sheet.css?inline'
import type { Language } from './texts.ts'

export type Theme = 'auto' | 'light' | 'dark'

const TOAST_MS = 2500

export interface View {
  /** Accessible name of the dialog while this view is shown. */
  label: string
  content: HTMLElement
  /** Focused when the view appears; without it, the panel itself. */
  focus?: HTMLElement
  /** What Escape means here. */
  dismiss: () => void
}

export interface Dialog {
  show(view: View): void
  shown(): View | undefined
  /** Drops a phone notification from the top edge; a tap on it calls `onTap`. */
  notify(notice: Notice): void
  close(): Promise<void>
}

export interface Notice {
  title: string
  when: string
  text: string
  action: string
  /** What the button that only closes it is called. */
  close: string
  onTap: () => void
}

/**
 * The surface everything is drawn on: one element with an open shadow root, so that the page's CSS cannot
 * reach in and ours cannot leak out, while test tools that pierce shadow roots still find every part.
 */
export const createStage = (mount?: HTMLElement) => {
  const host = h('div', { 'data-haoma-stage': true })
  const root = host.attachShadow({ mode: 'open' })
  const status = h('div', { class: 'toast', role: 'status', 'data-testid': 'haoma-toast', hidden: true })
  const prefersDark = matchMedia('(prefers-color-scheme: dark)')
  let theme: Theme = 'auto'
  let toastTimer: ReturnType<typeof setTimeout> | undefined
  root.append(h('style', {}, css), status)
  if (mount) host.dataset.inside = ''

  const paint = () => {
    host.dataset.theme = theme === 'auto' ? (prefersDark.matches ? 'dark' : 'light') : theme
  }
  prefersDark.addEventListener('change', paint)

  // Not before something is shown: a script in the head runs when there is no body yet.
  const attach = () => {
    if (!host.isConnected) (mount ?? document.body).append(host)
  }

  const openDialog = (testId: string): Dialog => {
    attach()
    const returnFocusTo = document.activeElement
    let current: View | undefined
    const notices = h('div', { class: 'notices', 'aria-live': 'assertive' })
    const panel = h('div', { class: 'panel', tabindex: -1 })
    const layer = h(
      'div',
      { class: 'layer', role: 'dialog', 'aria-modal': 'true', 'data-testid': testId },
      h('div', { class: 'mask' }),
      notices,
      panel,
    )
    layer.addEventListener('keydown', trapFocus(root, layer))
    layer.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      // The notification lies on top: it goes first, and nothing is refused with it.
      const notice = notices.firstElementChild
      if (notice) notice.remove()
      else current?.dismiss()
    })
    root.append(layer)

    return {
      show: (view) => {
        current = view
        layer.setAttribute('aria-label', view.label)
        panel.replaceChildren(view.content)
        ;(view.focus ?? panel).focus({ preventScroll: true })
      },
      shown: () => current,
      notify: (notice) => notices.replaceChildren(noticeView(notice)),
      close: async () => {
        if (!layer.isConnected) return
        layer.classList.add('leaving')
        await animationsEnd(layer)
        layer.remove()
        returnFocus(returnFocusTo)
      },
    }
  }

  return {
    openDialog,
    toast: (text: string) => {
      attach()
      clearTimeout(toastTimer)
      status.textContent = text
      status.hidden = false
      toastTimer = setTimeout(() => {
        status.hidden = true
      }, TOAST_MS)
    },
    dress: (language: Language, chosen: Theme) => {
      host.lang = language === 'zh' ? 'zh-CN' : 'en'
      theme = chosen
      paint()
    },
    /** Takes away whatever is shown, with no animation. */
    clear: () => {
      for (const layer of root.querySelectorAll('.layer')) layer.remove()
      status.hidden = true
    },
    remove: () => {
      prefersDark.removeEventListener('change', paint)
      clearTimeout(toastTimer)
      host.remove()
    },
  }
}

export type Stage = ReturnType<typeof createStage>

/** To where the person was; to the page's first control when that is gone or never could have the focus. */
const returnFocus = (before: Element | null): void => {
  const isFocusable = before instanceof HTMLElement && before.isConnected && before !== document.body
  const target = isFocusable
    ? before
    : document.querySelector<HTMLElement>('main [tabindex="0"], button:not(:disabled), a[href], input')
  target?.focus({ preventScroll: true })
}

const noticeView = ({ title, when, text, action, close, onTap }: Notice): HTMLElement => {
  const shut = h(
    'button',
    {
      class: 'notice-close',
      type: 'button',
      'aria-label': close,
      'data-testid': 'haoma-sms-close',
      onclick: () => notice.remove(),
    },
    '×',
  )
  const fill = h(
    'button',
    {
      class: 'notice-fill',
      type: 'button',
      'data-testid': 'haoma-sms-notification',
      onclick: () => {
        notice.remove()
        onTap()
      },
    },
    h('span', { class: 'notice-icon', 'aria-hidden': 'true' }),
    h(
      'span',
      { class: 'notice-body' },
      h('span', { class: 'notice-head' }, h('b', {}, title), h('span', {}, when)),
      h('span', { class: 'notice-text' }, text),
      h('span', { class: 'notice-action' }, action),
    ),
  )
  const notice = h('div', { class: 'notice' }, fill, shut)
  return notice
}
