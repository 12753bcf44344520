import { addControl } from './controls.ts'
import type { Builtin } from './define.ts'
import type { Services } from './services.ts'

/** `<picker>` in its modes `selector` (a list from below), `date` and `time` (the browser's own). */
export function createPicker(services: Services): Builtin {
  return {
    props: {
      mode: 'selector',
      range: [],
      rangeKey: '',
      value: null,
      disabled: false,
      name: '',
      headerText: '',
      start: '',
      end: '',
      fields: 'day',
    },
    setup({ element, props, set, emit }) {
      const root = element.attachShadow({ mode: 'open' })
      root.innerHTML =
        '<style>:host{display:block;position:relative}input{position:absolute;inset:0;opacity:0;pointer-events:none}</style><slot></slot><input tabindex="-1" aria-hidden="true">'
      const native = root.querySelector('input') as HTMLInputElement
      const choose = (value: unknown) => {
        set({ value })
        emit('change', { value })
      }
      native.addEventListener('change', () => choose(native.value))
      element.addEventListener('click', () => void tap())
      const tap = async () => {
        if (props.disabled) return
        const mode = String(props.mode)
        if (mode === 'selector') {
          const range = props.range as unknown[]
          const key = String(props.rangeKey)
          const items = range.map((item) => String(key ? (item as Record<string, unknown>)[key] : item))
          const index = await services.chooseFromList(items, Number(props.value ?? 0))
          if (index < 0) emit('cancel', {})
          else choose(String(index))
        } else if (mode === 'date' || mode === 'time') {
          native.type = mode === 'date' && props.fields === 'month' ? 'month' : mode
          native.min = String(props.start)
          native.max = String(props.end)
          native.value = String(props.value ?? '')
          native.showPicker()
        } else {
          services.unsupported(`<picker mode="${mode}">`)
        }
      }
      addControl(element, {
        name: () => String(props.name),
        value: () => props.value,
        reset: () => set({ value: 0 }),
      })
      return undefined
    },
  }
}
