import { addControl, type Control, controlOf, findControls } from './controls.ts'
import { type Builtin, setOrRemove } from './define.ts'

/** The DOM event by which a button asks its form to act; its detail is the `form-type`. */
const formAction = 'haoma-form-action'

/** Lets the form around a button submit or reset. */
export function submitForm(button: Element, formType: string): void {
  button.closest('wx-form')?.dispatchEvent(new CustomEvent(formAction, { detail: formType }))
}

/** `<form>`: gathers the values of its named controls. */
const form: Builtin = {
  props: { reportSubmit: false },
  setup({ element, emit }) {
    element.addEventListener(formAction, (event) => {
      const controls = findControls(element).filter((control) => control.name() !== '' && !control.inGroup)
      if ((event as CustomEvent).detail === 'submit') {
        const value = Object.fromEntries(controls.map((control) => [control.name(), control.value()]))
        emit('submit', { value, formId: 'the formId is a mock one' })
      } else {
        for (const control of findControls(element)) control.reset()
        emit('reset', {})
      }
    })
    return undefined
  },
}

/** `<label>`: a tap goes to the control named by `for`, else to the first one inside. */
const label: Builtin = {
  props: { for: '' },
  setup({ element, props }) {
    element.addEventListener('click', (event) => {
      const inside = event.composedPath().some((node) => node instanceof Element && controlOf(node))
      if (inside) return
      const named = props.for ? controlOf(document.getElementById(String(props.for))) : undefined
      ;(named ?? findControls(element)[0])?.activate?.()
    })
    return undefined
  },
}

interface Choice extends Control {
  choice: string
  checked(): boolean
  uncheck(): void
}

/** `<checkbox>` and `<radio>`: a mark, told apart by what their group does. */
function createChoice(kind: 'checkbox' | 'radio'): Builtin {
  return {
    props: { value: '', checked: false, disabled: false, color: '' },
    setup({ element, props, set, emit }) {
      let initial: boolean | undefined
      element.setAttribute('role', kind)
      element.tabIndex = 0
      const change = (checked: boolean) => {
        set({ checked })
        element
          .closest(`wx-${kind}-group`)
          ?.dispatchEvent(new CustomEvent('haoma-choice', { detail: element }))
      }
      const tap = () => {
        if (props.disabled || (kind === 'radio' && props.checked)) return
        change(kind === 'radio' ? true : !props.checked)
        emit('change', { value: props.checked ? props.value : '' })
      }
      element.addEventListener('click', tap)
      element.addEventListener('keydown', (event) => {
        if (event.key !== ' ') return
        event.preventDefault()
        element.click()
      })
      const choice: Choice = {
        choice: kind,
        name: () => '',
        value: () => props.value,
        checked: () => Boolean(props.checked),
        uncheck: () => set({ checked: false }),
        reset: () => set({ checked: initial ?? false }),
        activate: tap,
        inGroup: true,
      }
      addControl(element, choice)
      return {
        update() {
          initial ??= Boolean(props.checked)
          element.setAttribute('aria-checked', String(Boolean(props.checked)))
          setOrRemove(element, 'disabled', props.disabled)
          element.style.setProperty('--choice-color', props.color ? String(props.color) : null)
        },
      }
    },
  }
}

function createGroup(kind: 'checkbox' | 'radio'): Builtin {
  return {
    props: { name: '' },
    setup({ element, props, emit }) {
      const choices = () =>
        [...element.querySelectorAll(`wx-${kind}`)].map((item) => [item, controlOf(item) as Choice] as const)
      const value = () => {
        const values = choices().flatMap(([, choice]) => (choice.checked() ? [choice.value()] : []))
        return kind === 'radio' ? (values[0] ?? '') : values
      }
      element.setAttribute('role', kind === 'radio' ? 'radiogroup' : 'group')
      element.addEventListener('haoma-choice', (event) => {
        const changed = (event as CustomEvent).detail
        if (kind === 'radio') for (const [item, choice] of choices()) if (item !== changed) choice.uncheck()
        emit('change', { value: value() })
      })
      addControl(element, { name: () => String(props.name), value, reset: () => undefined })
      return undefined
    },
  }
}

/** `<switch>`. */
const toggle: Builtin = {
  props: { checked: false, disabled: false, type: 'switch', color: '', name: '' },
  setup({ element, props, set, emit }) {
    let initial: boolean | undefined
    element.setAttribute('role', 'switch')
    element.tabIndex = 0
    const tap = () => {
      if (props.disabled) return
      set({ checked: !props.checked })
      emit('change', { value: props.checked })
    }
    element.addEventListener('click', tap)
    addControl(element, {
      name: () => String(props.name),
      value: () => Boolean(props.checked),
      reset: () => set({ checked: initial ?? false }),
      activate: tap,
    })
    return {
      update() {
        initial ??= Boolean(props.checked)
        element.setAttribute('aria-checked', String(Boolean(props.checked)))
        setOrRemove(element, 'type', props.type)
        setOrRemove(element, 'disabled', props.disabled)
        element.style.setProperty('--choice-color', props.color ? String(props.color) : null)
      },
    }
  },
}

/** `<slider>`, on the browser's own. */
const slider: Builtin = {
  props: {
    min: 0,
    max: 100,
    step: 1,
    value: 0,
    disabled: false,
    showValue: false,
    activeColor: '#1aad19',
    name: '',
  },
  setup({ element, props, set, emit }) {
    const root = element.attachShadow({ mode: 'open' })
    root.innerHTML =
      '<style>:host{display:flex;gap:8px;margin:10px 18px}input{flex:1}</style><input type="range"><output></output>'
    const input = root.querySelector('input') as HTMLInputElement
    const output = root.querySelector('output') as HTMLOutputElement
    input.addEventListener('input', () => emit('changing', { value: input.valueAsNumber }))
    input.addEventListener('change', () => {
      set({ value: input.valueAsNumber })
      emit('change', { value: input.valueAsNumber })
    })
    addControl(element, {
      name: () => String(props.name),
      value: () => props.value,
      reset: () => set({ value: props.min }),
    })
    return {
      update() {
        for (const name of ['min', 'max', 'step'] as const) input[name] = String(props[name])
        input.value = String(props.value)
        input.disabled = Boolean(props.disabled)
        input.style.accentColor = String(props.activeColor)
        output.hidden = !props.showValue
        output.value = String(props.value)
      },
    }
  },
}

/** The controls of forms but for text fields. */
export const formComponents: Record<string, Builtin> = {
  form,
  label,
  checkbox: createChoice('checkbox'),
  'checkbox-group': createGroup('checkbox'),
  radio: createChoice('radio'),
  'radio-group': createGroup('radio'),
  switch: toggle,
  slider,
}
