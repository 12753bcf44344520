import type { Pages } from '../pages.ts'
import { createCanvasContext } from './canvas-context.ts'

/** A page or component in the hands of a mini program. */
interface Drawn {
  _$: { $$: Element | null }
}

/** Finds an element of the page on top, or of the given component. */
export type FindOnPage = (selector: string, component?: object) => Element | undefined

export const createFind =
  (pages: Pages): FindOnPage =>
  (selector, component) => {
    const owner = (component ?? pages.current()?.instance) as Drawn | undefined
    return owner?._$.$$?.querySelector(selector) ?? undefined
  }

/** `wx.createSelectorQuery`, observers and the older canvas, for the page on top. */
export function createQueries(pages: Pages) {
  const find = createFind(pages)
  const onPage = <
    K extends 'createSelectorQuery' | 'createIntersectionObserver' | 'createMediaQueryObserver',
  >(
    name: K,
  ) => {
    return (...values: unknown[]) => {
      const [first, ...rest] = values
      const given = first !== null && typeof first === 'object' && '_$' in first
      const target = (given ? first : pages.current()?.instance) as unknown as Record<
        K,
        (...v: unknown[]) => unknown
      >
      return target ? target[name](...(given ? rest : values)) : createDetached(name)
    }
  }
  return {
    createCanvasContext: (id: unknown, component: object | undefined = pages.current()?.instance) =>
      createCanvasContext(() => find(`wx-canvas[canvas-id="${CSS.escape(String(id))}"]`, component)),
    createSelectorQuery: onPage('createSelectorQuery'),
    createIntersectionObserver: onPage('createIntersectionObserver'),
    createMediaQueryObserver: onPage('createMediaQueryObserver'),
  }
}

/** Before there is a page, as in a component's `created`, a query waits for `in(component)`. */
function createDetached(name: string): unknown {
  const waiting = { in: (component: Record<string, () => unknown>) => component[name]?.() }
  return new Proxy(waiting, { get: (known, key) => known[key as 'in'] ?? (() => waiting) })
}
