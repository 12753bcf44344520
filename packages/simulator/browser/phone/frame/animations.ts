import { convertRpx } from '../../../src/phone/rpx.ts'
import { transforms } from './wx/animation.ts'

type Keyframe = Record<string, unknown>

interface Caller {
  _$: { getShadowRoot(): { querySelectorAll(selector: string): { $$: unknown }[] } | null }
}

const transformNames = new Set<string>(transforms)

/**
 * `this.animate`, on the browser's own animations.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/view/animation.html
 */
export function animate(
  caller: Caller,
  selector: string,
  keyframes: Keyframe[],
  durationMs: number,
  done?: unknown,
): void {
  const running = elementsOf(caller, selector).map((element) =>
    element.animate(keyframes.map(toCss), { duration: durationMs, fill: 'forwards' }),
  )
  const finish = typeof done === 'function' ? (done as () => void) : undefined
  // A timeline that follows a scroll-view is given as an object; here the animation runs by time.
  void Promise.allSettled(running.map(({ finished }) => finished)).then(() => finish?.())
}

/** `this.clearAnimation(selector, options?, callback?)`. */
export function clearAnimation(caller: Caller, selector: string, ...rest: unknown[]): void {
  for (const element of elementsOf(caller, selector)) {
    for (const animation of element.getAnimations()) animation.cancel()
  }
  const done = rest.find((value) => typeof value === 'function') as (() => void) | undefined
  if (done) queueMicrotask(done)
}

/** What a selector finds in the template of a component, as it is drawn. */
export function elementsOf({ _$ }: Caller, selector: string): HTMLElement[] {
  const found = _$.getShadowRoot()?.querySelectorAll(selector) ?? []
  return found.flatMap(({ $$ }) => ($$ instanceof HTMLElement ? [$$] : []))
}

function toCss(keyframe: Keyframe): Record<string, string | number> {
  const css: Record<string, string | number> = {}
  const transform: string[] = []
  for (const [name, value] of Object.entries(keyframe)) {
    if (transformNames.has(name)) transform.push(`${name}(${withUnits(name, value)})`)
    else if (name === 'ease') css.easing = String(value)
    else css[name] = typeof value === 'number' ? value : convertRpx(String(value))
  }
  if (transform.length > 0) css.transform = transform.join(' ')
  return css
}

/** Lengths are pixels and angles degrees when no unit is given. */
export function withUnits(name: string, value: unknown): string {
  const unit = /^translate/.test(name)
    ? 'px'
    : /^(rotate|skew)/.test(name) && name !== 'rotate3d'
      ? 'deg'
      : ''
  const values = Array.isArray(value) ? value : [value]
  return values
    .map((part, index) => {
      if (typeof part !== 'number') return convertRpx(String(part))
      return name === 'rotate3d' && index === 3 ? `${part}deg` : `${part}${unit}`
    })
    .join(',')
}
