import { h } from '../dom.ts'
import type { View } from '../stage.ts'
import type { Texts } from '../texts.ts'
import { actions, form } from './parts.ts'

interface FailureOptions {
  t: Texts
  title: string
  text: string
  onRetry: () => void
  onClose: () => void
}

/** Shown when the simulator is gone or refuses the request itself: what happened and what to do. */
export const failureView = ({ t, title, text, onRetry, onClose }: FailureOptions): View => ({
  label: title,
  dismiss: onClose,
  content: form(
    onRetry,
    h('h2', {}, title),
    h('div', { class: 'text', role: 'alert', 'data-testid': 'haoma-error' }, h('p', {}, text)),
    actions({ yes: t.retry, no: t.close, onNo: onClose, yesId: 'retry', noId: 'close' }),
  ),
})
