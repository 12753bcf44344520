import { h } from '../dom.ts'
import type { View } from '../stage.ts'
import type { Texts } from '../texts.ts'
import type { OpenedSheet, SheetNumber } from '../wire.ts'
import { actions, form, who } from './parts.ts'

export interface NumbersOptions {
  t: Texts
  sheet: OpenedSheet
  selected: SheetNumber | undefined
  onAllow: (number: SheetNumber) => void
  onOther: () => void
  onDeny: () => void
  /** Opens the privacy guideline. */
  onRead: () => void
}

/** The consent sheet itself: whose request, which number, allow or reject. */
export const numbersView = (options: NumbersOptions): View =>
  options.sheet.layout === 'phone' ? phoneView(options) : desktopView(options)

/** As desktop clients show it: a tick beside the number, then 允许 or 拒绝. */
const desktopView = ({ t, sheet, selected, onAllow, onOther, onDeny }: NumbersOptions): View => {
  const { numbers } = sheet
  let chosen = selected ?? numbers[0]

  const row = (number: SheetNumber): HTMLElement =>
    h(
      'label',
      { class: 'number', 'data-testid': `haoma-number-${number.id}` },
      h('input', {
        type: 'radio',
        name: 'number',
        value: number.id,
        checked: number === chosen,
        onchange: () => {
          chosen = number
        },
      }),
      h('span', {}, h('b', {}, number.display), h('small', {}, originOf(number, t))),
      h('span', { class: 'tick', 'aria-hidden': 'true' }),
    )

  const content = form(
    () => (chosen ? onAllow(chosen) : onOther()),
    who(sheet.app, t),
    h('h2', {}, t.phoneTitle),
    sheet.smsRequired && h('p', { class: 'hint' }, t.realtimeHint),
    numbers.length > 0
      ? h('div', { class: 'numbers', role: 'radiogroup', 'aria-label': t.numbers }, ...numbers.map(row))
      : h('p', { class: 'hint' }, t.noNumbers),
    numbers.length > 0 && otherNumber(t, onOther),
    numbers.length > 0
      ? actions({ yes: t.allow, no: t.deny, onNo: onDeny })
      : actions({ yes: t.addTitle, no: t.deny, onNo: onDeny, yesId: 'other-number' }),
  )
  return { label: `${sheet.app.name} ${t.phoneTitle}`, content, dismiss: onDeny }
}

/** As phones show it: what the number is for, a card for each, and tapping one is the consent. */
const phoneView = ({ t, sheet, onAllow, onOther, onDeny, onRead }: NumbersOptions): View => {
  const card = (number: SheetNumber): HTMLElement =>
    h(
      'li',
      {},
      h(
        'button',
        {
          class: 'card',
          type: 'button',
          'data-testid': `haoma-number-${number.id}`,
          onclick: () => onAllow(number),
        },
        h('b', {}, number.display),
        h('small', {}, number.last ? t.last : originOf(number, t)),
      ),
    )
  const info = h('button', { class: 'info', type: 'button', 'aria-label': t.guideline, onclick: onRead }, 'i')
  const content = form(
    () => undefined,
    h('div', { class: 'top' }, who(sheet.app, t), info),
    h('h2', {}, t.phoneTitle),
    h('p', { class: 'hint' }, sheet.smsRequired ? t.realtimeHint : t.purpose),
    sheet.numbers.length > 0
      ? h('ul', { class: 'numbers cards', 'aria-label': t.numbers }, ...sheet.numbers.map(card))
      : h('p', { class: 'hint' }, t.noNumbers),
    h(
      'div',
      { class: 'actions stacked' },
      h('button', { type: 'button', 'data-testid': 'haoma-deny', onclick: onDeny }, t.notAllow),
      h(
        'button',
        { class: 'plain', type: 'button', 'data-testid': 'haoma-other-number', onclick: onOther },
        sheet.numbers.length > 0 ? t.otherNumber : t.addTitle,
      ),
    ),
  )
  return { label: `${sheet.app.name} ${t.phoneTitle}`, content, dismiss: onDeny }
}

const originOf = ({ saved }: SheetNumber, t: Texts): string => (saved ? t.saved : t.bound)

const otherNumber = (t: Texts, onOther: () => void): HTMLElement =>
  h(
    'button',
    { class: 'link', type: 'button', 'data-testid': 'haoma-other-number', onclick: onOther },
    t.otherNumber,
  )
