import type { Pages } from '../pages.ts'

/** `wx.createSelectorQuery` and observers for the page on top. */
export function createQueries(pages: Pages) {
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
