import type { Builtin } from './define.ts'
import type { Services } from './services.ts'

/** What is drawn on, by the element of its `<canvas>` or by its node in the hands of the mini program. */
const surfaces = new WeakMap<object, HTMLCanvasElement>()

/** The browser's canvas of a `<canvas>`; nothing for anything else. */
export const surfaceOf = (element: unknown): HTMLCanvasElement | undefined =>
  typeof element === 'object' && element !== null ? surfaces.get(element) : undefined

/** `<canvas>`, 300 × 150 unless styled: the browser's own. */
export const canvas: Builtin = {
  props: { type: '', canvasId: '', disableScroll: false },
  setup({ element, props }) {
    const root = element.attachShadow({ mode: 'open' })
    root.innerHTML =
      '<style>:host{display:block;position:relative;width:300px;height:150px}canvas{display:block;width:100%;height:100%}</style><canvas></canvas>'
    surfaces.set(element, root.querySelector('canvas') as HTMLCanvasElement)
    element.setAttribute('role', 'img')
    return {
      update() {
        if (props.canvasId) element.setAttribute('canvas-id', String(props.canvasId))
        element.style.touchAction = props.disableScroll ? 'none' : ''
      },
    }
  },
}

/**
 * `Canvas` in the hands of a mini program: what `SelectorQuery.node` gives for `<canvas type="2d">`.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/canvas/Canvas.html
 */
export function createCanvasNode(surface: HTMLCanvasElement, fileUrl: Services['fileUrl']): object {
  const node = {
    get width() {
      return surface.width
    },
    set width(px: number) {
      surface.width = px
    },
    get height() {
      return surface.height
    },
    set height(px: number) {
      surface.height = px
    },
    getContext: (type: string) => surface.getContext(type),
    createImage: () => createImage(fileUrl),
    createPath2D: (path?: Path2D) => new Path2D(path),
    createImageData: (width: number, height: number) => new ImageData(width, height),
    requestAnimationFrame: (run: FrameRequestCallback) => requestAnimationFrame(run),
    cancelAnimationFrame: (id: number) => cancelAnimationFrame(id),
    toDataURL: (type?: string, quality?: number) => surface.toDataURL(type, quality),
  }
  surfaces.set(node, surface)
  return node
}

/** An image whose `src` may be a path of the package. */
function createImage(fileUrl: Services['fileUrl']): HTMLImageElement {
  const image = new Image()
  const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src') as PropertyDescriptor
  Object.defineProperty(image, 'src', {
    get: () => source.get?.call(image),
    set: (path: unknown) => source.set?.call(image, fileUrl(String(path))),
  })
  return image
}
