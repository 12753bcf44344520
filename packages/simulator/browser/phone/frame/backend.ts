import {
  type Element as EaselElement,
  type GeneralBackendContext,
  NativeNode,
  triggerEvent,
} from 'glass-easel'
import { acceptRpx } from './events.ts'
import type { Styles } from './styles.ts'

type Drawn = HTMLElement & { __wxElement?: EaselElement }

interface BackendOptions {
  styles: Styles
  scopeName(scope: number | undefined): string
  /** Called for each element whose tag is no component. */
  onUnknownTag(tag: string): void
}

/** glass-easel's `BackendMode.Domlike`, a const enum that cannot be imported. */
const domlike = 3

/** Events that glass-easel asks for and that come from the page itself. */
const touchEvents = ['touchstart', 'touchmove', 'touchend', 'touchcancel'] as const

const longPressMs = 350
const slackPx = 10

/**
 * Draws into this window, as WeChat's own web view does: `<view>` becomes `<wx-view>`.
 *
 * glass-easel's own context is not used because it takes taps from the mouse only. Here a tap is a click, so
 * that the keyboard, screen readers and tests tap as fingers do.
 */
export function createBackend(options: BackendOptions): GeneralBackendContext {
  const listened = new WeakMap<Drawn, Set<string>>()
  const waitsForLongPress = new WeakSet<EventTarget>()

  const trigger = (event: Event, type: string, detail: unknown, composed = true) => {
    const target = event.composedPath().find((node) => (node as Drawn).__wxElement) as Drawn | undefined
    if (!target?.__wxElement || isDisabled(target)) return
    triggerEvent(target.__wxElement, type, detail, {
      originalEvent: event,
      bubbles: true,
      composed,
      capturePhase: true,
    })
  }
  listenToGestures(trigger, waitsForLongPress)
  const context = {
    mode: domlike,
    document: {
      createElement: (tag: string) => acceptRpx(document.createElement(`wx-${tag.toLowerCase()}`)),
      createTextNode: (text: string) => document.createTextNode(text),
      createDocumentFragment: () => document.createDocumentFragment(),
    },
    destroy() {},
    getWindowWidth: () => window.innerWidth,
    getWindowHeight: () => window.innerHeight,
    getDevicePixelRatio: () => window.devicePixelRatio,
    getTheme: () => document.documentElement.dataset.theme ?? 'light',
    registerStyleSheetContent() {},
    appendStyleSheetPath(path: string, scope?: number) {
      options.styles.appendSheet(path, options.scopeName(scope))
      return 0
    },
    disableStyleSheet() {},
    render: (done: (error: null) => void) => requestAnimationFrame(() => done(null)),
    getRootNode: () => document.body,
    associateValue(element: Drawn, value: EaselElement) {
      element.__wxElement = value
      if (NativeNode.isNativeNode(value)) options.onUnknownTag(element.localName.replace(/^wx-/, ''))
    },
    onEvent() {},
    setListenerStats(element: Drawn, type: string) {
      if (!element) return
      if (type === 'longpress') waitsForLongPress.add(element)
      if (ownEvents.has(type)) return
      const types = listened.get(element) ?? new Set()
      listened.set(element, types)
      if (types.has(type)) return
      types.add(type)
      // Animation and transition ends, scroll and the like: the browser's own events, by their own names.
      if (`on${type}` in element) {
        element.addEventListener(type, (event) => {
          if (event.target === element) trigger(event, type, {}, event.composed)
        })
      }
    },
    setModelBindingStat() {},
    createIntersectionObserver: observeIntersection,
  }
  return context as unknown as GeneralBackendContext
}

/** Fired by the gestures below or by components, not by a listener on one element. */
const ownEvents = new Set<string>([
  ...touchEvents,
  'tap',
  'longpress',
  'longtap',
  'input',
  'change',
  'focus',
  'blur',
  'submit',
  'reset',
  'scroll',
  'load',
  'error',
  'click',
])

/** WeChat lets no tap through from a disabled button or from anything in it. */
function isDisabled(element: HTMLElement): boolean {
  return element.closest('wx-button[disabled]') !== null
}

type Trigger = (event: Event, type: string, detail: unknown) => void

function listenToGestures(trigger: Trigger, waitsForLongPress: WeakSet<EventTarget>): void {
  let pressed: { timer: number; x: number; y: number } | undefined
  // After a long press that someone listens to, WeChat sends no tap.
  let swallowTap = false
  const release = () => {
    clearTimeout(pressed?.timer)
    pressed = undefined
  }
  // Not in the capture phase: a component acts on the state it had when it was tapped, before `bindtap` runs
  // and perhaps disables it. On a phone the two live in different threads.
  document.addEventListener('click', (event) => {
    if (swallowTap) swallowTap = false
    else trigger(event, 'tap', { x: event.clientX, y: event.clientY })
  })
  document.addEventListener(
    'pointerdown',
    (event) => {
      release()
      swallowTap = false
      const { clientX: x, clientY: y } = event
      const timer = window.setTimeout(() => {
        trigger(event, 'longtap', { x, y })
        trigger(event, 'longpress', { x, y })
        swallowTap = event.composedPath().some((node) => waitsForLongPress.has(node))
      }, longPressMs)
      pressed = { timer, x, y }
    },
    { capture: true },
  )
  document.addEventListener('pointermove', (event) => {
    if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > slackPx) release()
  })
  document.addEventListener('pointerup', release)
  document.addEventListener('pointercancel', release)
  for (const type of touchEvents) {
    document.addEventListener(type, (event) => trigger(event, type, {}), { capture: true, passive: true })
  }
}

function observeIntersection(
  target: HTMLElement,
  relative: HTMLElement | null,
  rootMargin: string,
  threshold: number[],
  report: (status: object) => void,
): { disconnect(): void } {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const { id = '', dataset = {} } = (target as Drawn).__wxElement ?? {}
        report({
          id,
          dataset,
          intersectionRatio: entry.intersectionRatio,
          boundingClientRect: entry.boundingClientRect.toJSON(),
          intersectionRect: entry.intersectionRect.toJSON(),
          relativeRect: (entry.rootBounds ?? new DOMRect(0, 0, innerWidth, innerHeight)).toJSON(),
          time: Date.now(),
        })
      }
    },
    // A margin that the mini program leaves out is none.
    { root: relative, rootMargin: rootMargin.replace(/undefinedpx/g, '0px'), threshold },
  )
  observer.observe(target)
  return observer
}
