import { addControl } from './controls.ts'
import type { Builtin, BuiltinContext } from './define.ts'

const shared = {
  value: '',
  name: '',
  placeholder: '',
  placeholderStyle: '',
  placeholderClass: '',
  disabled: false,
  maxlength: 140,
  focus: false,
  autoFocus: false,
  confirmType: 'done',
  adjustPosition: true,
  cursorSpacing: 0,
}

/** The browser keyboards that come closest to WeChat's `type`. */
const inputModes: Record<string, string> = {
  number: 'numeric',
  digit: 'decimal',
  idcard: 'text',
  'safe-password': 'text',
  nickname: 'text',
  text: 'text',
}

const fieldStyle = `:host{display:block;height:1.4rem;min-height:1.4rem;overflow:hidden;cursor:text}
input,textarea{display:block;box-sizing:border-box;width:100%;height:100%;margin:0;padding:0;border:0;outline:0;
background:none;color:inherit;font:inherit;letter-spacing:inherit;text-align:inherit;text-indent:inherit;resize:none;
appearance:none;border-radius:0}
input::placeholder,textarea::placeholder{color:var(--placeholder,#888);opacity:1}
:host([auto-height]){height:auto}:host([auto-height]) textarea{field-sizing:content}`

type Field = HTMLInputElement | HTMLTextAreaElement

/** `<input>`. */
export const input: Builtin = {
  props: { ...shared, type: 'text', password: false, confirmHold: false },
  setup(context) {
    const { element, props, emit } = context
    const field = document.createElement('input')
    draw(element, field)
    connect(field, context)
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return
      emit('confirm', { value: field.value })
      if (!props.confirmHold) field.blur()
    })
    return {
      update() {
        field.type = props.password || props.type === 'safe-password' ? 'password' : 'text'
        field.inputMode = inputModes[String(props.type)] ?? 'text'
        apply(field, props)
      },
      attached: () => focusAtStart(field, props),
    }
  },
}

/** `<textarea>`. */
export const textarea: Builtin = {
  props: { ...shared, autoHeight: false, showConfirmBar: true, fixed: false },
  setup(context) {
    const { element, props, emit } = context
    const field = document.createElement('textarea')
    draw(element, field)
    connect(field, context)
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && props.confirmType !== 'return') {
        emit('confirm', { value: field.value })
      }
    })
    return {
      update() {
        element.toggleAttribute('auto-height', Boolean(props.autoHeight))
        apply(field, props)
      },
      attached: () => focusAtStart(field, props),
    }
  },
}

function draw(element: HTMLElement, field: Field): void {
  const root = element.attachShadow({ mode: 'open' })
  root.innerHTML = `<style>${fieldStyle}</style>`
  root.append(field)
}

function connect(field: Field, { element, props, emit, set }: BuiltinContext): void {
  let composing = false
  let initial: string | undefined
  const changed = () => {
    if (composing) return
    set({ value: field.value })
    emit('input', { value: field.value, cursor: field.selectionStart ?? field.value.length, keyCode: 0 })
  }
  field.addEventListener('compositionstart', () => {
    composing = true
  })
  field.addEventListener('compositionend', () => {
    composing = false
    changed()
  })
  field.addEventListener('input', changed)
  field.addEventListener('focus', () => emit('focus', { value: field.value, height: 0 }))
  field.addEventListener('blur', () =>
    emit('blur', { value: field.value, cursor: field.selectionStart ?? 0 }),
  )
  addControl(element, {
    name: () => String(props.name),
    value: () => field.value,
    reset: () => set({ value: initial ?? '' }),
    activate: () => field.focus(),
  })
  queueMicrotask(() => {
    initial = field.value
  })
}

function apply(field: Field, props: Record<string, unknown>): void {
  const value = String(props.value ?? '')
  if (field.value !== value) field.value = value
  field.placeholder = String(props.placeholder ?? '')
  field.disabled = Boolean(props.disabled)
  const limit = Number(props.maxlength)
  if (limit >= 0) field.maxLength = limit
  else field.removeAttribute('maxlength')
  const color = /(?:^|;)\s*color\s*:\s*([^;]+)/.exec(String(props.placeholderStyle ?? ''))?.[1]
  field.style.setProperty('--placeholder', color ?? null)
  if (props.focus && field.isConnected && !isFocused(field)) field.focus()
}

function focusAtStart(field: Field, props: Record<string, unknown>): void {
  if (props.focus || props.autoFocus) field.focus()
}

function isFocused(field: Field): boolean {
  return (field.getRootNode() as ShadowRoot).activeElement === field
}
