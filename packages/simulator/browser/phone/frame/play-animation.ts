import { convertRpx } from '../../../src/phone/rpx.ts'
import { withUnits } from './animations.ts'
import type { AnimationAction } from './wx/animation.ts'

interface Played {
  animation: unknown
  transform: Map<string, string>
}

const played = new WeakMap<object, Played>()
const lengths = new Set(['width', 'height', 'top', 'right', 'bottom', 'left'])

interface Drawn {
  $$: unknown
}

/** Plays what `wx.createAnimation` exported on a component, step after step; transforms add up, as in WeChat. */
export function playAnimation(component: Drawn, animation: unknown): void {
  const element = component.$$ as HTMLElement | null
  const actions = (animation as { actions?: AnimationAction[] } | null)?.actions
  if (!element || !Array.isArray(actions)) return
  const before = played.get(component)
  if (before?.animation === animation) return
  const state: Played = { animation, transform: before?.transform ?? new Map() }
  played.set(component, state)
  let startMs = 0
  for (const action of actions) {
    const { durationMs, delayMs } = action
    setTimeout(() => {
      if (played.get(component) === state) show(element, action, state)
    }, startMs)
    startMs += durationMs + delayMs
  }
}

function show(element: HTMLElement, action: AnimationAction, { transform }: Played): void {
  const { animates, durationMs, delayMs, timingFunction, transformOrigin } = action
  const { style } = element
  style.transition = `all ${durationMs}ms ${timingFunction} ${delayMs}ms`
  style.transformOrigin = transformOrigin
  for (const { name, values } of animates) {
    const [value] = values
    if (name === 'opacity' || name === 'backgroundColor') style[name] = String(value)
    else if (lengths.has(name)) {
      style.setProperty(name, typeof value === 'number' ? `${value}px` : convertRpx(String(value)))
    } else {
      // Set anew at the end of the list: the order in which transforms were last given counts.
      transform.delete(name)
      transform.set(name, `${name}(${withUnits(name, values)})`)
    }
  }
  if (transform.size > 0) style.transform = [...transform.values()].join(' ')
}
