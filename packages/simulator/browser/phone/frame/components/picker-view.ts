import type { Builtin } from './define.ts'

/** Height of a row unless `indicator-style` names one. */
const ROW_PX = 34

/**
 * `<picker-view>`: columns that roll under a bar in the middle.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/component/picker-view.html
 */
export const pickerView: Builtin = {
  props: {
    value: [],
    indicatorStyle: '',
    indicatorClass: '',
    maskStyle: '',
    maskClass: '',
    immediateChange: false,
  },
  setup({ element, props, set, emit }) {
    const columns = () => [...element.querySelectorAll<HTMLElement>('wx-picker-view-column')]
    const rowPx = () =>
      Number.parseFloat(/height:\s*([\d.]+)px/.exec(String(props.indicatorStyle))?.[1] ?? '') || ROW_PX
    let isSettling = false
    const place = () => {
      element.style.setProperty('--row', `${rowPx()}px`)
      const value = props.value as unknown[]
      isSettling = true
      for (const [index, column] of columns().entries()) {
        const top = Number(value[index] ?? 0) * rowPx()
        if (Math.abs(column.scrollTop - top) > 1) column.scrollTo({ top, behavior: 'instant' })
      }
      requestAnimationFrame(() => {
        isSettling = false
      })
    }
    const read = () => columns().map(({ scrollTop }) => Math.max(0, Math.round(scrollTop / rowPx())))
    const change = () => {
      const value = read()
      if (value.join() === (props.value as unknown[]).slice(0, value.length).join()) return
      set({ value })
      emit('change', { value })
    }
    element.addEventListener('pointerdown', () => emit('pickstart'))
    element.addEventListener(
      'scrollend',
      () => {
        if (isSettling) return
        change()
        emit('pickend')
      },
      true,
    )
    element.addEventListener('scroll', () => !isSettling && props.immediateChange && change(), true)
    // A row that is clicked comes to the middle.
    element.addEventListener('click', (event) => {
      const column = (event.target as Element).closest<HTMLElement>('wx-picker-view-column')
      const row = [...(column?.children ?? [])].find((child) => child.contains(event.target as Node))
      const index = [...(column?.children ?? [])].indexOf(row as Element)
      if (column && index >= 0) column.scrollTo({ top: index * rowPx(), behavior: 'smooth' })
    })
    const soon = () => requestAnimationFrame(place)
    // Rows come and go with the data of the page.
    const rows = new MutationObserver(soon)
    return {
      update: soon,
      attached() {
        rows.observe(element, { childList: true, subtree: true })
        soon()
      },
      detached: () => rows.disconnect(),
    }
  },
}

/** `<picker-view-column>`: its children are rows, drawn by the style sheet. */
export const pickerViewColumn: Builtin = {
  setup({ element }) {
    element.tabIndex = 0
    element.setAttribute('role', 'listbox')
    return undefined
  },
}
