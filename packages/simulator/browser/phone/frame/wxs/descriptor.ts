import { Component, type Element as EaselElement, type GeneralComponent } from 'glass-easel'

/**
 * `ComponentDescriptor`: a component or an element in the hands of WXS.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/view/interactive-animation.html
 */
export type Descriptor = Record<string, unknown>

/** glass-easel's segment of the highest rank for styles and classes (a const enum); templates use others. */
const ownSegment = 3

const descriptors = new WeakMap<EaselElement, Descriptor>()

/** Gives an element its descriptor, always the same one: scripts keep values in its state. */
export function describeComponent(
  given: EaselElement | { _$: EaselElement } | undefined,
): Descriptor | undefined {
  const element = given !== undefined && '_$' in given ? (given._$ as EaselElement) : (given as EaselElement)
  if (!element) return undefined
  const known = descriptors.get(element)
  if (known) return known
  const made = create(element)
  descriptors.set(element, made)
  return made
}

function create(element: EaselElement): Descriptor {
  const dom = () => element.$$ as unknown as HTMLElement | null
  const style = new Map<string, string>()
  const state = {}
  /** Of a component, what is in it; of an element in a template, what is below it there. */
  const select = (selector: string): EaselElement[] => {
    const inside = (Component.isComponent(element) && element.getShadowRoot()) || element
    const found = inside.querySelectorAll(selector)
    return found.length > 0 || inside === element ? found : element.querySelectorAll(selector)
  }
  const changeClass = (names: string, present: boolean) => {
    for (const name of names.split(/\s+/).filter(Boolean))
      element.classList?.toggle(name, present, ownSegment)
  }
  const self: Descriptor = {
    selectComponent: (selector: string) => describeComponent(select(selector)[0]) ?? null,
    selectAllComponents: (selector: string) => select(selector).map((found) => describeComponent(found)),
    setStyle(given: string | Record<string, unknown>) {
      const text = typeof given === 'string' ? given : toText(given)
      for (const [name, value] of declarations(text)) style.set(name, value)
      element.setNodeStyle([...style].map(([name, value]) => `${name}:${value}`).join(';'), ownSegment)
      return self
    },
    addClass(names: string) {
      changeClass(names, true)
      return self
    },
    removeClass(names: string) {
      changeClass(names, false)
      return self
    },
    hasClass: (name: string) =>
      [0, ownSegment].some((segment) => element.classList?.contains(name, segment) ?? false),
    getDataset: () => element.dataset,
    getState: () => state,
    callMethod: (name: string, value?: unknown) => callMethod(element, name, value),
    triggerEvent: (name: string, detail?: unknown, options?: object) =>
      element.triggerEvent(name, detail, options as never),
    requestAnimationFrame: (run: () => void) => requestAnimationFrame(() => run()),
    setTimeout: (run: () => void, ms?: number) => setTimeout(run, ms),
    clearTimeout: (timer: number) => clearTimeout(timer),
    getComputedStyle(names: string[] = []) {
      const shown = dom()
      const computed = shown && getComputedStyle(shown)
      return Object.fromEntries(names.map((name) => [name, computed?.getPropertyValue(toDashes(name))]))
    },
    getBoundingClientRect: () => dom()?.getBoundingClientRect().toJSON(),
  }
  return self
}

/** The method is one of the page or component whose template holds the element. */
function callMethod(element: EaselElement, name: string, value: unknown): void {
  const own = Component.isComponent(element) ? element : undefined
  const host = element.ownerShadowRoot?.getHostNode()
  for (const component of [own, host] as (GeneralComponent | undefined)[]) {
    const method = component && Component.getMethod(component, name)
    if (!component || typeof method !== 'function') continue
    // The page's logic lives in another thread on a phone: it is told, and answers nothing.
    queueMicrotask(() => method.call(component.getMethodCaller() as never, value as never))
    return
  }
}

function declarations(text: string): [string, string][] {
  return text.split(/;(?![^(]*\))/).flatMap((part): [string, string][] => {
    const at = part.indexOf(':')
    return at < 0 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).trim()]]
  })
}

function toText(given: Record<string, unknown>): string {
  return Object.entries(given)
    .map(([name, value]) => `${toDashes(name)}:${value}`)
    .join(';')
}

function toDashes(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
