import { component as adapter } from 'glass-easel-miniprogram-adapter'
import { animate, clearAnimation } from './animations.ts'

type Caller = InstanceType<typeof adapter.ComponentCaller> & {
  __wxWebviewId__?: number
  getTabBar?: unknown
}

interface Tools {
  onUnsupported(what: string): void
  /** `wx`: a page's `router` has its navigation. */
  wx(): Record<string, unknown>
  /** The custom tab bar of the page on top. */
  tabBar(): unknown
}

/** Adds what WeChat's component instances have and glass-easel's adapter lacks. */
export function extendInstances({ onUnsupported, wx, tabBar }: Tools): void {
  const prototype = adapter.ComponentCaller.prototype as unknown as Record<string, unknown>
  for (const name of ['applyAnimatedStyle', 'clearAnimatedStyle', 'setPassiveEvent'] as const) {
    prototype[name] = () => onUnsupported(`this.${name}()`)
  }
  prototype.animate = function (this: never, ...values: [string, [], number, unknown?]) {
    animate(this, ...values)
  }
  prototype.clearAnimation = function (this: never, ...values: [string]) {
    clearAnimation(this, ...values)
  }
  prototype.setUpdatePerformanceListener = () => undefined
  prototype.setInitialRenderingCache = () => undefined
  prototype.getTabBar = (take?: (found: unknown) => void) => {
    const found = tabBar() ?? null
    take?.(found)
    return found
  }
  prototype.getPageId = function (this: Caller) {
    return `pageId:${this.__wxWebviewId__ ?? 0}`
  }
  for (const name of ['router', 'pageRouter']) {
    Object.defineProperty(prototype, name, { get: () => wx(), configurable: true })
  }
  const hasBehavior = prototype.hasBehavior as (behavior: unknown) => boolean
  prototype.hasBehavior = function (this: Caller, behavior: unknown) {
    return typeof behavior === 'string' ? false : hasBehavior.call(this, behavior)
  }
}
