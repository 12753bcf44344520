import { h } from '../dom.ts'
import type { View } from '../stage.ts'
import type { Texts } from '../texts.ts'
import type { OpenedSheet, SheetNumber } from '../wire.ts'
import { actions, form, who } from './parts.ts'

interface NumbersOptions {
  t: Texts
  sheet: OpenedSheet
  selected: SheetNumber | undefined
  onAllow: (number: SheetNumber) => void
  onOther: () => void
  onDeny: () => void
}

/** The consent sheet itself: whose request, which number, allow or reject. */
export const numbersView = ({ t, sheet, selected, onAllow, onOther, onDeny }: NumbersOptions): View => {
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
      h('span', {}, h('b', {}, number.display), h('small', {}, number.saved ? t.saved : t.bound)),
      h('span', { class: 'tick', 'aria-hidden': 'true' }),
    )

  const content = form(
    () => (chosen ? onAllow(chosen) : onOther()),
    who(sheet.app, t),
    h('h2', {}, t.phoneTitle),
    sheet.smsRequired && h('p', { class: 'hint' }, t.realtimeHint),
    numbers.length > 0
      ? h('fieldset', { class: 'numbers', role: 'radiogroup', 'aria-label': t.numbers }, ...numbers.map(row))
      : h('p', { class: 'hint' }, t.noNumbers),
    h(
      'button',
      { class: 'link', type: 'button', 'data-testid': 'haoma-other-number', onclick: onOther },
      t.otherNumber,
    ),
    actions({ yes: t.allow, no: t.deny, onNo: onDeny }),
  )
  return { label: `${sheet.app.name} ${t.phoneTitle}`, content, dismiss: onDeny }
}
