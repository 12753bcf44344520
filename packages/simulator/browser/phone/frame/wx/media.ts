import { createCanvasNode, surfaceOf } from '../components/canvas.ts'
import { WxFailure, withCallbacks } from './callback.ts'
import type { FindOnPage } from './query.ts'

type Options = Record<string, unknown>

/** Fonts, the size of images, and pictures of a canvas: what component libraries are drawn with. */
export function createMedia(fileUrl: (source: string) => string, find: FindOnPage) {
  return {
    loadFontFace: withCallbacks('loadFontFace', (options) => loadFontFace(options, fileUrl)),
    getImageInfo: withCallbacks('getImageInfo', ({ src }) => readImage(String(src ?? ''), fileUrl)),
    canvasToTempFilePath: (options: Options = {}, component?: object) =>
      withCallbacks('canvasToTempFilePath', () => {
        const { canvas, canvasId } = options
        const element = canvas ?? find(`wx-canvas[canvas-id="${CSS.escape(String(canvasId))}"]`, component)
        const surface = surfaceOf(element)
        if (!surface) throw new WxFailure('canvas is empty')
        return { tempFilePath: pictureOf(surface, options) }
      })(options),
    createOffscreenCanvas: (sizes: Options | number = {}, height?: number) =>
      createCanvasNode(
        Object.assign(
          document.createElement('canvas'),
          typeof sizes === 'number' ? { width: sizes, height } : sizeOf(sizes),
        ),
        fileUrl,
      ),
  }
}

/** @see https://developers.weixin.qq.com/miniprogram/dev/api/canvas/wx.createOffscreenCanvas.html */
const sizeOf = ({ width, height }: Options) => ({
  width: Number(width ?? 300),
  height: Number(height ?? 150),
})

/** @see https://developers.weixin.qq.com/miniprogram/dev/api/ui/font/wx.loadFontFace.html */
async function loadFontFace({ family, source, desc }: Options, fileUrl: (source: string) => string) {
  const found = String(source ?? '').replace(
    /url\(\s*["']?([^"')]+)["']?\s*\)/g,
    (_, url: string) => `url("${fileUrl(url)}")`,
  )
  try {
    const font = new FontFace(String(family), found, desc as FontFaceDescriptors | undefined)
    document.fonts.add(await font.load())
  } catch {
    throw Object.assign(new WxFailure('network error'), { status: 'error' })
  }
  return { status: 'loaded' }
}

/** @see https://developers.weixin.qq.com/miniprogram/dev/api/media/image/wx.getImageInfo.html */
async function readImage(src: string, fileUrl: (source: string) => string) {
  const image = new Image()
  image.src = fileUrl(src)
  await image.decode().catch(() => {
    throw new WxFailure(/^https?:/.test(src) ? 'download image fail' : 'file not found')
  })
  return {
    width: image.naturalWidth,
    height: image.naturalHeight,
    path: src.replace(/^\//, ''),
    orientation: 'up',
    type: types[/\.(\w+)(?:[?#]|$)/.exec(src)?.[1]?.toLowerCase() ?? ''] ?? 'unknown',
  }
}

const types: Record<string, string> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  png: 'png',
  gif: 'gif',
  webp: 'webp',
  tif: 'tiff',
}

/**
 * The wanted part of a canvas. Places are in its own units: pixels of the page for the older canvas, of the surface
 * where the mini program has the node.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/canvas/wx.canvasToTempFilePath.html
 */
function pictureOf(surface: HTMLCanvasElement, options: Options): string {
  const unit =
    options.canvas === undefined && surface.clientWidth > 0 ? surface.width / surface.clientWidth : 1
  const number = (name: string, otherwise: number) =>
    options[name] === undefined ? otherwise : Number(options[name])
  const [x, y] = [number('x', 0), number('y', 0)]
  const width = number('width', surface.width / unit - x)
  const height = number('height', surface.height / unit - y)
  const picture = document.createElement('canvas')
  picture.width = number('destWidth', width * devicePixelRatio)
  picture.height = number('destHeight', height * devicePixelRatio)
  if (picture.width === 0 || picture.height === 0) throw new WxFailure('canvas is empty')
  const from = [x, y, width, height].map((value) => value * unit) as [number, number, number, number]
  picture.getContext('2d')?.drawImage(surface, ...from, 0, 0, picture.width, picture.height)
  return picture.toDataURL(options.fileType === 'jpg' ? 'image/jpeg' : 'image/png', number('quality', 1))
}
