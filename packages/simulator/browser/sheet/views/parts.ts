import { colourOf, h } from '../dom.ts'
import type { Texts } from '../texts.ts'

export interface App {
  appid: string
  name: string
}

export const appIcon = ({ appid, name }: App): HTMLElement =>
  h('span', { class: 'icon', style: `background:${colourOf(appid)}`, 'aria-hidden': 'true' }, [...name][0])

/** The line that says which mini program asks; with `onBack` it starts with a back button. */
export const who = (app: App, t: Texts, onBack?: () => void): HTMLElement =>
  h(
    'div',
    { class: 'who' },
    onBack && h('button', { class: 'back', type: 'button', 'aria-label': t.back, onclick: onBack }, '‹'),
    appIcon(app),
    h('b', {}, app.name),
  )

interface Choice {
  yes: string
  no: string
  onNo: () => void
  yesId?: string
  noId?: string
}

/** 拒绝 and 允许. The consenting button submits the form it stands in, so Enter in a field consents too. */
export const actions = ({ yes, no, onNo, yesId = 'allow', noId = 'deny' }: Choice): HTMLElement =>
  h(
    'div',
    { class: 'actions' },
    h('button', { type: 'button', 'data-testid': `haoma-${noId}`, onclick: onNo }, no),
    h('button', { class: 'primary', type: 'submit', 'data-testid': `haoma-${yesId}` }, yes),
  )

/** A form that never leaves the page. */
export const form = (onSubmit: () => void, ...children: Array<Node | false | undefined>): HTMLFormElement =>
  h(
    'form',
    {
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault()
        onSubmit()
      },
    },
    ...children,
  )

let problemLines = 0

/** The line under a form that says what is wrong, read out when it changes; marks `input` as invalid. */
export const problemLine = (input: HTMLInputElement, frame: HTMLElement = input) => {
  const id = `problem-${++problemLines}`
  const line = h('p', { class: 'problem', role: 'alert', id, 'data-testid': 'haoma-problem' })
  input.setAttribute('aria-describedby', id)
  return {
    line,
    say: (text: string) => {
      line.textContent = text
      frame.classList.toggle('bad', text !== '')
      input.setAttribute('aria-invalid', `${text !== ''}`)
      if (text) input.focus()
    },
  }
}
