import { h } from '../dom.ts'
import type { View } from '../stage.ts'
import type { Texts } from '../texts.ts'
import { form } from './parts.ts'

/** The half-screen notice with which phones say that the quota is used up. */
export const quotaView = (t: Texts, text: string, onClose: () => void): View => {
  const close = h('button', { type: 'submit', 'data-testid': 'haoma-quota-close' }, t.gotIt)
  return {
    label: t.quotaTitle,
    dismiss: onClose,
    focus: close,
    content: form(
      onClose,
      h('h2', {}, t.quotaTitle),
      h('div', { class: 'text' }, h('p', {}, text)),
      h('div', { class: 'actions' }, close),
    ),
  }
}
