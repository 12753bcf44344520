import { component as adapter } from 'glass-easel-miniprogram-adapter'
import type { Pages } from '../pages.ts'

type Caller = InstanceType<typeof adapter.ComponentCaller> & { createSelectorQuery(): unknown }

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

/** Adds what WeChat's component instances have and glass-easel's adapter lacks. */
export function extendInstances(onUnsupported: (what: string) => void): void {
  const prototype = adapter.ComponentCaller.prototype as unknown as Record<string, unknown>
  const missing = ['animate', 'clearAnimation', 'applyAnimatedStyle', 'setPassiveEvent'] as const
  for (const name of missing) prototype[name] = () => onUnsupported(`this.${name}()`)
  prototype.setUpdatePerformanceListener = () => undefined
  prototype.getTabBar = () => null
  prototype.getPageId = function (this: Caller & { __wxWebviewId__?: number }) {
    return `pageId:${this.__wxWebviewId__ ?? 0}`
  }
}
