import { component as adapter } from 'glass-easel-miniprogram-adapter'
import { animate, clearAnimation, elementsOf } from './animations.ts'
import { createCanvasNode, surfaceOf } from './components/canvas.ts'
import { createIdle } from './wx/idle.ts'

type Caller = InstanceType<typeof adapter.ComponentCaller> & {
  __wxWebviewId__?: number
  getTabBar?: unknown
}

interface Tools {
  /** Turns a path of the package into an address. */
  fileUrl(source: string): string
  onUnsupported(what: string): void
  /** `wx`: a page's `router` has its navigation. */
  wx(): Record<string, unknown>
  /** The custom tab bar of the page on top. */
  tabBar(): unknown
}

/** Adds what WeChat's component instances have and glass-easel's adapter lacks. */
export function extendInstances({ fileUrl, onUnsupported, wx, tabBar }: Tools): void {
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
  const createQuery = prototype.createSelectorQuery as (this: unknown) => Query
  prototype.createSelectorQuery = function (this: unknown) {
    const query = createQuery.call(this)
    // Frameworks hand over instances of their own; a query stays where it is then.
    const move = query.in
    query.in = (component) => (isInstance(component) ? move.call(query, component) : query)
    addNodes(query, { fileUrl, onUnsupported })
    return query
  }
  const createObserver = prototype.createIntersectionObserver as (
    this: unknown,
    options?: ObserverOptions,
  ) => Observer
  prototype.createIntersectionObserver = function (this: unknown, options?: ObserverOptions) {
    return reportFirst(createObserver.call(this, options), options?.initialRatio ?? 0)
  }
  // As WeChat draws it here; the other is `skyline`.
  prototype.renderer = 'webview'
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

interface ObserverOptions {
  initialRatio?: number
}
type Report = (status: { intersectionRatio: number }) => void
interface Observer {
  _$initialRatio: number | null
  observe(selector: string, report: Report): void
}

/** WeChat reports at once what differs from the initial ratio; the adapter drops just that. */
function reportFirst(observer: Observer, initialRatio: number): Observer {
  observer._$initialRatio = null
  const observe = observer.observe
  observer.observe = function (selector, report) {
    let isFirst = true
    observe.call(this, selector, (status) => {
      const skipped = isFirst && status.intersectionRatio === initialRatio
      isFirst = false
      if (!skipped) report(status)
    })
  }
  return observer
}

interface Query {
  selectViewport(): object
  in(component: unknown): Query
}
/** What `wx` and glass-easel know as a page or component. */
const isInstance = (value: unknown) => typeof value === 'object' && value !== null && '_$' in value
type Fields = Record<string, unknown>
type Push = (
  selector: string | null,
  component: Parameters<typeof elementsOf>[0],
  single: boolean,
  fields: Fields,
  done: (found: unknown) => void,
) => void
type NodesRef = { fields(fields: Fields, done?: (found: unknown) => void): unknown }

const withNodes = new WeakSet<object>()

/** `node()` and `fields({ node })`: the canvas of a `<canvas>`; of other elements, what takes every call. */
function addNodes(query: Query, { fileUrl, onUnsupported }: Pick<Tools, 'fileUrl' | 'onUnsupported'>): void {
  const queries = Object.getPrototypeOf(query) as { _$push: Push }
  if (withNodes.has(queries)) return
  withNodes.add(queries)
  const nodeOf = (element: HTMLElement | undefined): unknown => {
    const surface = surfaceOf(element)
    if (surface) return createCanvasNode(surface, fileUrl)
    onUnsupported('SelectorQuery.node')
    return createIdle('SelectorQuery.node')
  }
  const push = queries._$push
  queries._$push = function (selector, component, single, fields, done) {
    const { node, context, ...rest } = fields
    push.call(this, selector, component, single, rest, (found) => {
      const elements = node && selector !== null ? elementsOf(component, selector) : []
      for (const [index, each] of ([found].flat() as (Fields | null)[]).entries()) {
        if (each && node) each.node = nodeOf(elements[index])
        if (each && context) each.context = createIdle('SelectorQuery.context')
      }
      if (context) onUnsupported('SelectorQuery.context')
      done(found)
    })
  }
  const refs = Object.getPrototypeOf(query.selectViewport()) as NodesRef & Record<string, unknown>
  for (const name of ['node', 'context']) {
    refs[name] = function (this: NodesRef, done?: (found: unknown) => void) {
      return this.fields({ [name]: true }, done)
    }
  }
}
