type Props = Record<string, string | number | boolean | undefined | ((event: Event) => void)>
type Child = Node | string | false | undefined

/** Makes an element: functions become listeners (`onclick`), `true` an empty attribute, `false` none. */
export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : `${value}`)
  }
  element.append(...children.filter((child) => child !== undefined && child !== false))
  return element
}

const FOCUSABLE = 'button:not(:disabled), input:not(:disabled), select:not(:disabled), a[href]'

/** Keeps Tab and Shift+Tab inside `container`, which lives in the shadow `root`. */
export const trapFocus = (root: ShadowRoot, container: HTMLElement) => (event: KeyboardEvent) => {
  if (event.key !== 'Tab') return
  const items = [...container.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isTabStop)
  const [first, last] = [items[0], items.at(-1)]
  if (!first || !last) return
  const current = root.activeElement as HTMLElement
  const leaving = event.shiftKey ? current === first || !items.includes(current) : current === last
  if (!leaving) return
  event.preventDefault()
  ;(event.shiftKey ? last : first).focus()
}

// Of a radio group only the checked radio can be tabbed to.
const isTabStop = (element: HTMLElement): boolean =>
  !(element instanceof HTMLInputElement && element.type === 'radio' && !element.checked)

/** Resolves when what moves in the element has come to rest; at once in a hidden tab, where nothing moves. */
export const animationsEnd = async (element: HTMLElement): Promise<void> => {
  if (document.hidden) return
  await Promise.allSettled(element.getAnimations({ subtree: true }).map((animation) => animation.finished))
}

/** Six hex digits of colour for an app's icon, always the same for one appid. */
export const colourOf = (appid: string): string => {
  let hash = 0
  for (const character of appid) hash = (hash * 31 + character.charCodeAt(0)) % 360
  return `hsl(${hash} 55% 48%)`
}
