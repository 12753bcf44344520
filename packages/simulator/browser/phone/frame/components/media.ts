import { type Builtin, setOrRemove } from './define.ts'
import type { Services } from './services.ts'

/** How each `mode` of `<image>` places the picture: CSS `object-fit` and `object-position`. */
const modes: Record<string, [fit: string, position: string]> = {
  scaleToFill: ['fill', 'center'],
  aspectFit: ['contain', 'center'],
  aspectFill: ['cover', 'center'],
  widthFix: ['fill', 'center'],
  heightFix: ['fill', 'center'],
  top: ['none', 'top'],
  bottom: ['none', 'bottom'],
  center: ['none', 'center'],
  left: ['none', 'left'],
  right: ['none', 'right'],
  'top left': ['none', 'top left'],
  'top right': ['none', 'top right'],
  'bottom left': ['none', 'bottom left'],
  'bottom right': ['none', 'bottom right'],
}

/** `<image>`, 320 × 240 unless styled, as in WeChat. */
export function createImage(services: Services): Builtin {
  return {
    props: { src: '', mode: 'scaleToFill', lazyLoad: false, showMenuByLongpress: false, webp: false },
    setup({ element, props, emit }) {
      const root = element.attachShadow({ mode: 'open' })
      root.innerHTML =
        '<style>:host{display:inline-block;overflow:hidden;width:320px;height:240px}img{display:block;width:100%;height:100%}img[hidden]{visibility:hidden}</style><img alt="">'
      const img = root.querySelector('img') as HTMLImageElement
      // A picture that is not there leaves its place blank; WeChat draws no mark for it.
      img.hidden = true
      img.addEventListener('load', () => {
        img.hidden = false
        const { naturalWidth: width, naturalHeight: height } = img
        if (props.mode === 'widthFix') element.style.height = `${(element.clientWidth * height) / width}px`
        if (props.mode === 'heightFix') element.style.width = `${(element.clientHeight * width) / height}px`
        emit('load', { width, height })
      })
      img.addEventListener('error', () => {
        img.hidden = true
        emit('error', { errMsg: `GET ${props.src} 404 (Not Found)` })
      })
      let shown = ''
      return {
        update() {
          const [fit, position] = modes[String(props.mode)] ?? ['fill', 'center']
          img.style.objectFit = fit
          img.style.objectPosition = position
          img.alt = String(props.ariaLabel ?? '')
          img.loading = props.lazyLoad ? 'lazy' : 'eager'
          const source = String(props.src ?? '')
          if (source === shown) return
          shown = source
          img.hidden = source === ''
          if (source === '') img.removeAttribute('src')
          else img.src = services.fileUrl(source)
        },
      }
    },
  }
}

/** `<icon>`: drawn by the style sheet from its `type`. */
export const icon: Builtin = {
  props: { type: '', size: '23', color: '' },
  setup({ element, props }) {
    element.setAttribute('role', 'img')
    return {
      update() {
        setOrRemove(element, 'type', props.type)
        const size = String(props.size)
        element.style.setProperty('--icon-size', /^\d+$/.test(size) ? `${size}px` : size)
        element.style.setProperty('--icon-color', props.color ? String(props.color) : null)
      },
    }
  },
}

/** `<progress>`. */
export const progress: Builtin = {
  props: {
    percent: 0,
    showInfo: false,
    strokeWidth: '6',
    activeColor: '#09bb07',
    backgroundColor: '#ebebeb',
    active: false,
  },
  setup({ element, props }) {
    const root = element.attachShadow({ mode: 'open' })
    root.innerHTML =
      '<style>:host{display:flex;align-items:center}.bar{flex:1}.inner{height:100%;width:0}span{margin-left:15px;font-size:16px}</style><div class="bar"><div class="inner"></div></div><span></span>'
    const [bar, inner, info] = ['.bar', '.inner', 'span'].map((selector) => root.querySelector(selector)) as [
      HTMLElement,
      HTMLElement,
      HTMLElement,
    ]
    element.setAttribute('role', 'progressbar')
    return {
      update() {
        element.setAttribute('aria-valuenow', String(props.percent))
        bar.style.height = `${Number.parseFloat(String(props.strokeWidth))}px`
        bar.style.background = String(props.backgroundColor)
        inner.style.width = `${props.percent}%`
        inner.style.background = String(props.activeColor)
        info.hidden = !props.showInfo
        info.textContent = `${props.percent}%`
      },
    }
  },
}
