import type { Builtin } from './define.ts'

/**
 * `<page-container>`: a second page over the page, from the side it is told.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/component/page-container.html
 */
export const pageContainer: Builtin = {
  props: {
    show: false,
    duration: 300,
    zIndex: 100,
    overlay: true,
    position: 'bottom',
    round: false,
    closeOnSlideDown: false,
    overlayStyle: '',
    customStyle: '',
  },
  setup({ element, props, emit }) {
    const root = element.attachShadow({ mode: 'open' })
    root.innerHTML = `<style>:host{display:none}:host([shown]){display:block;position:fixed;inset:0}
.mask{position:absolute;inset:0;background:rgb(0 0 0/50%)}
.sheet{position:absolute;background:Canvas;overflow:auto}
.sheet.bottom{left:0;right:0;bottom:0}.sheet.top{left:0;right:0;top:0}.sheet.right{top:0;bottom:0;right:0}
.sheet.center{inset:50% auto auto 50%;translate:-50% -50%}.round.bottom{border-radius:12px 12px 0 0}</style>
<div class="mask"></div><div class="sheet"><slot></slot></div>`
    const mask = root.querySelector('.mask') as HTMLElement
    const sheet = root.querySelector('.sheet') as HTMLElement
    let isShown = false
    mask.addEventListener('click', () => emit('clickoverlay'))
    const turn = (shown: boolean) => {
      isShown = shown
      const stage = shown ? 'enter' : 'leave'
      emit(`before${stage}`)
      emit(stage)
      element.toggleAttribute('shown', shown)
      setTimeout(() => emit(`after${stage}`), Number(props.duration))
    }
    return {
      update() {
        element.style.zIndex = String(props.zIndex)
        mask.hidden = !props.overlay
        mask.setAttribute('style', String(props.overlayStyle))
        sheet.className = `sheet ${props.position}${props.round ? ' round' : ''}`
        sheet.setAttribute('style', String(props.customStyle))
        if (Boolean(props.show) !== isShown) turn(Boolean(props.show))
      },
    }
  },
}

/**
 * `<match-media>`: shows its content on screens that fit.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/component/match-media.html
 */
export const matchMedia: Builtin = {
  props: {
    minWidth: null,
    maxWidth: null,
    width: null,
    minHeight: null,
    maxHeight: null,
    height: null,
    orientation: '',
  },
  setup({ element, props }) {
    const names = {
      minWidth: 'min-width',
      maxWidth: 'max-width',
      width: 'width',
      minHeight: 'min-height',
      maxHeight: 'max-height',
      height: 'height',
    }
    return {
      update() {
        const lengths = Object.entries(names).flatMap(([name, feature]) => {
          const px = props[name]
          return px === null || px === undefined ? [] : [`(${feature}: ${Number(px)}px)`]
        })
        if (props.orientation) lengths.push(`(orientation: ${props.orientation})`)
        element.hidden = lengths.length > 0 && !window.matchMedia(lengths.join(' and ')).matches
      },
    }
  },
}
