import { Element as EaselElement, Event as EaselEvent } from 'glass-easel'
import { convertRpx } from '../../../src/phone/rpx.ts'

interface Caller {
  id?: string
  dataset?: Record<string, unknown>
  $$?: unknown
  _$?: { $$?: unknown }
}

const listening = new WeakMap<object, EaselElement>()

/** The element, or component instance, whose listener an event is given to. */
export function listenerOf(event: object): EaselElement | undefined {
  return listening.get(event)
}

/**
 * Makes glass-easel's events and elements what mini program code knows.
 *
 * Mini programs get plain events: `JSON.stringify(event)` works, and frameworks test `hasOwn(event, 'detail')`.
 * In glass-easel these fields are on the prototype, and `target` is the whole element.
 */
export function adaptEasel(): void {
  const wrap = EaselEvent.prototype.wrapShadowedEvent
  EaselEvent.prototype.wrapShadowedEvent = function (target, mark, currentTarget) {
    const event = wrap.call(this, target, mark, currentTarget)
    const touches = describeTouches(this.getOriginalEvent())
    listening.set(event, currentTarget as unknown as EaselElement)
    return Object.assign(event, {
      type: this.type,
      timeStamp: this.timeStamp,
      detail: this.detail,
      target: describeTarget(target as unknown as Caller),
      currentTarget: describeTarget(currentTarget as unknown as Caller),
      mark: { ...mark },
      mut: false,
      ...(touches ?? {}),
    } as never)
  }

  // WXSS selects by `data-*` and `#id`, and inline styles may hold rpx: glass-easel writes none of these to
  // the page in a form that CSS understands.
  const setDataset = EaselElement.prototype.setDataset
  EaselElement.prototype.setDataset = function (name, value) {
    setDataset.call(this, name, value)
    const attribute = `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (typeof value !== 'object') domOf(this)?.setAttribute(attribute, String(value))
  }
  const id = Object.getOwnPropertyDescriptor(EaselElement.prototype, 'id') as PropertyDescriptor
  Object.defineProperty(EaselElement.prototype, 'id', {
    ...id,
    set(this: EaselElement, value: unknown) {
      id.set?.call(this, value)
      const element = domOf(this)
      if (element) element.id = String(value)
    },
  })
}

/** The page's element behind a glass-easel element; virtual ones have none. */
function domOf(element: EaselElement): HTMLElement | null {
  return element.$$ as unknown as HTMLElement | null
}

/** Wraps an element so that `rpx` in its inline style turns into a share of the frame's width. */
export function acceptRpx(element: HTMLElement): HTMLElement {
  const setAttribute = element.setAttribute
  element.setAttribute = (name, value) =>
    setAttribute.call(element, name, name === 'style' ? convertRpx(String(value)) : value)
  return element
}

function describeTarget(caller: Caller): Record<string, unknown> {
  const element = (caller.$$ ?? caller._$?.$$) as HTMLElement | undefined
  return {
    id: caller.id ?? '',
    offsetLeft: element?.offsetLeft ?? 0,
    offsetTop: element?.offsetTop ?? 0,
    dataset: { ...caller.dataset },
  }
}

interface Point {
  identifier: number
  pageX: number
  pageY: number
  clientX: number
  clientY: number
}

function describeTouches(original: unknown): { touches: Point[]; changedTouches: Point[] } | undefined {
  if (original instanceof MouseEvent) {
    const { pageX, pageY, clientX, clientY } = original
    const point = { identifier: 0, pageX, pageY, clientX, clientY }
    return { touches: [point], changedTouches: [point] }
  }
  if (typeof TouchEvent !== 'undefined' && original instanceof TouchEvent) {
    return {
      touches: [...original.touches].map(describeTouch),
      changedTouches: [...original.changedTouches].map(describeTouch),
    }
  }
  return undefined
}

function describeTouch({ identifier, pageX, pageY, clientX, clientY }: Touch): Point {
  return { identifier, pageX, pageY, clientX, clientY }
}
