import { h } from '../dom.ts'
import type { View } from '../stage.ts'
import type { Texts } from '../texts.ts'
import type { App } from './parts.ts'
import { actions, appIcon, form } from './parts.ts'

interface PrivacyOptions {
  t: Texts
  app: App
  contractName: string
  onAgree: () => void
  onDisagree: () => void
  onRead: () => void
}

/** WeChat's own privacy popup, shown when the page brings none. */
export const privacyView = (options: PrivacyOptions): View => {
  const { t, app } = options
  const content = form(
    options.onAgree,
    h('div', { class: 'who' }, appIcon(app), h('b', {}, app.name)),
    h('h2', {}, t.privacyTitle),
    h('div', { class: 'text' }, h('p', {}, t.privacyText(app.name))),
    h(
      'button',
      { class: 'link', type: 'button', 'data-testid': 'haoma-privacy-contract', onclick: options.onRead },
      options.contractName,
    ),
    actions({
      yes: t.agree,
      no: t.deny,
      onNo: options.onDisagree,
      yesId: 'privacy-agree',
      noId: 'privacy-disagree',
    }),
  )
  return { label: t.privacyTitle, content, dismiss: options.onDisagree }
}

/** The privacy guideline itself: sample text, and says so. */
export const contractView = (options: {
  t: Texts
  app: App
  contractName: string
  onClose: () => void
}): View => ({
  label: options.contractName,
  dismiss: options.onClose,
  content: h(
    'div',
    { class: 'text' },
    h('h2', {}, options.contractName),
    ...options.t.contractBody(options.app.name).map((paragraph) => h('p', {}, paragraph)),
    closing(options.t.close, options.onClose),
  ),
})

const closing = (label: string, onClose: () => void): HTMLElement =>
  h(
    'div',
    { class: 'actions' },
    h('button', { type: 'button', 'data-testid': 'haoma-close', onclick: onClose }, label),
  )
