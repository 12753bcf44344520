/** One step as `export()` hands it to a component's `animation`. */
export interface AnimationAction {
  animates: { name: string; values: unknown[] }[]
  durationMs: number
  timingFunction: string
  delayMs: number
  transformOrigin: string
}

interface Options {
  duration?: number
  timingFunction?: string
  delay?: number
  transformOrigin?: string
}

const styles = ['opacity', 'backgroundColor', 'width', 'height', 'top', 'right', 'bottom', 'left'] as const
/** What WeChat's animations can do to the shape and place of an element. */
export const transforms = [
  'matrix',
  'matrix3d',
  'rotate',
  'rotate3d',
  'rotateX',
  'rotateY',
  'rotateZ',
  'scale',
  'scale3d',
  'scaleX',
  'scaleY',
  'scaleZ',
  'skew',
  'skewX',
  'skewY',
  'translate',
  'translate3d',
  'translateX',
  'translateY',
  'translateZ',
] as const

/**
 * `wx.createAnimation`: gathers steps; the component that gets the export plays them.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/ui/animation/wx.createAnimation.html
 */
export function createAnimation(defaults: Options = {}): Record<string, unknown> {
  let actions: AnimationAction[] = []
  let animates: AnimationAction['animates'] = []
  const animation: Record<string, unknown> = {
    step(options: Options = {}) {
      const {
        duration = 400,
        timingFunction = 'linear',
        delay = 0,
        transformOrigin = '50% 50% 0',
      } = {
        ...defaults,
        ...options,
      }
      actions.push({ animates, durationMs: duration, timingFunction, delayMs: delay, transformOrigin })
      animates = []
      return animation
    },
    export() {
      const exported = { actions }
      actions = []
      return exported
    },
  }
  for (const name of [...styles, ...transforms]) {
    animation[name] = (...values: unknown[]) => {
      animates.push({ name, values })
      return animation
    }
  }
  return animation
}
