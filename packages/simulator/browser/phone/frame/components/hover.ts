import type { BuiltinContext } from './define.ts'

/** Touches whose hover ends at a component inside. */
const stopped = new WeakSet<Event>()

/**
 * Puts the classes of `hover-class` on while a finger is on the component, unless it is disabled: `hover-start-time`
 * after it comes, until `hover-stay-time` after it goes, both in ms.
 */
export function addHover({ element, props, setHoverClass }: BuiltinContext): void {
  let starting: ReturnType<typeof setTimeout> | undefined
  element.addEventListener('pointerdown', (event) => {
    if (stopped.has(event)) return
    if (props.hoverStopPropagation) stopped.add(event)
    const names = String(props.hoverClass)
    if (names === '' || names === 'none' || props.disabled) return
    clearTimeout(starting)
    starting = setTimeout(() => setHoverClass(names), Number(props.hoverStartTime))
  })
  for (const type of ['pointerup', 'pointercancel', 'pointerleave']) {
    element.addEventListener(type, () => {
      // A quick tap shows too: it goes after it has come.
      setTimeout(() => setHoverClass(''), Number(props.hoverStartTime) + Number(props.hoverStayTime))
    })
  }
}
