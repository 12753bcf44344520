import { surfaceOf } from '../components/canvas.ts'

/** Methods that only set a property of the browser's context, by the property. */
const setters: Record<string, string> = {
  setFillStyle: 'fillStyle',
  setStrokeStyle: 'strokeStyle',
  setLineWidth: 'lineWidth',
  setLineCap: 'lineCap',
  setLineJoin: 'lineJoin',
  setMiterLimit: 'miterLimit',
  setGlobalAlpha: 'globalAlpha',
  setTextAlign: 'textAlign',
  setTextBaseline: 'textBaseline',
}

type Draw = (context: CanvasRenderingContext2D) => void
type Bag = Record<string | symbol, unknown>

/**
 * `wx.createCanvasContext`: calls are kept until `draw`, coordinates are pixels of the page.
 *
 * @param find - Finds the `<canvas>` once something is drawn.
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/canvas/CanvasContext.html
 */
export function createCanvasContext(find: () => Element | undefined): object {
  let kept: Draw[] = []
  const own: Bag = {
    draw(reserve?: boolean, done?: () => void) {
      const draws = kept
      kept = []
      // The canvas may be part of a change that is drawn right now.
      setTimeout(() => {
        const surface = surfaceOf(find())
        const context = surface?.getContext('2d')
        if (surface && context) paint(surface, context, { draws, isKept: reserve === true })
        done?.()
      })
    },
    setFontSize: (px: number) => kept.push((context) => setFont(context, px)),
    setLineDash: (pattern: number[], offset = 0) =>
      kept.push((context) => {
        context.setLineDash(pattern)
        context.lineDashOffset = offset
      }),
    setShadow: (x: number, y: number, blur: number, color: string) =>
      kept.push((context) =>
        Object.assign(context, { shadowOffsetX: x, shadowOffsetY: y, shadowBlur: blur, shadowColor: color }),
      ),
    measureText: (text: string) => scratch().measureText(text),
    createLinearGradient: (...at: [number, number, number, number]) => scratch().createLinearGradient(...at),
    createCircularGradient: (x: number, y: number, r: number) =>
      scratch().createRadialGradient(x, y, 0, x, y, r),
  }
  for (const [name, property] of Object.entries(setters)) {
    own[name] = (value: unknown) => kept.push((context) => Object.assign(context, { [property]: value }))
  }
  return new Proxy(own, {
    get: (known, name) =>
      known[name] ??
      ((...values: unknown[]) => {
        kept.push((context) => {
          const method = (context as unknown as Bag)[name]
          if (typeof method === 'function') method.apply(context, values)
        })
      }),
    set: (known, name, value) => {
      kept.push((context) => Object.assign(context, { [name]: value }))
      return Reflect.set(known, name, value)
    },
  })
}

function paint(
  surface: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  { draws, isKept }: { draws: Draw[]; isKept: boolean },
): void {
  const { clientWidth, clientHeight } = surface
  const ratio = devicePixelRatio
  const isSized = surface.width === clientWidth * ratio && surface.height === clientHeight * ratio
  if (!isKept || !isSized)
    Object.assign(surface, { width: clientWidth * ratio, height: clientHeight * ratio })
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  for (const draw of draws) draw(context)
}

function setFont(context: CanvasRenderingContext2D, px: number): void {
  context.font = context.font.replace(/\d+(\.\d+)?px/, `${px}px`)
}

function scratch(): CanvasRenderingContext2D {
  return document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D
}
