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
      return target?.[name](...(given ? rest : values))
    }
  }
  return {
    createSelectorQuery: onPage('createSelectorQuery'),
    createIntersectionObserver: onPage('createIntersectionObserver'),
    createMediaQueryObserver: onPage('createMediaQueryObserver'),
  }
}
