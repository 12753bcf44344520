import { convertRpx } from '../../../../src/phone/rpx.ts'
import type { Builtin } from './define.ts'
import { addHover } from './hover.ts'

/** `<view>` and `<cover-view>`: a block that shows a finger on it. */
export const view: Builtin = {
  props: { hoverClass: 'none', hoverStopPropagation: false, hoverStartTime: 50, hoverStayTime: 400 },
  setup(context) {
    addHover(context)
    return undefined
  },
}

/** A component that only holds others: what it looks like is the style sheet's. */
export const plain: Builtin = {}

/** `<text>`. */
export const text: Builtin = {
  props: { selectable: false, userSelect: false, space: '', decode: false, numberOfLines: 0 },
  setup({ element, props }) {
    return {
      update() {
        element.style.userSelect = props.selectable || props.userSelect ? 'text' : ''
        element.style.whiteSpace = props.space ? 'pre-wrap' : ''
      },
    }
  },
}

/** `<scroll-view>`. */
export const scrollView: Builtin = {
  props: {
    scrollX: false,
    scrollY: false,
    scrollTop: null,
    scrollLeft: null,
    scrollIntoView: '',
    scrollWithAnimation: false,
    upperThreshold: '50',
    lowerThreshold: '50',
    enableFlex: false,
    refresherEnabled: false,
    refresherTriggered: false,
    showScrollbar: true,
  },
  setup({ element, props, emit }) {
    let last = { top: 0, left: 0 }
    let wasAtEnd = false
    element.addEventListener('scroll', () => {
      const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight } = element
      emit('scroll', {
        scrollTop,
        scrollLeft,
        scrollHeight,
        scrollWidth,
        deltaX: last.left - scrollLeft,
        deltaY: last.top - scrollTop,
      })
      const atEnd = scrollHeight - clientHeight - scrollTop <= Number.parseFloat(String(props.lowerThreshold))
      if (atEnd && !wasAtEnd && props.scrollY) emit('scrolltolower', { direction: 'bottom' })
      const nearStart = Number.parseFloat(String(props.upperThreshold))
      if (props.scrollY && scrollTop <= nearStart && last.top > nearStart) {
        emit('scrolltoupper', { direction: 'top' })
      }
      wasAtEnd = atEnd
      last = { top: scrollTop, left: scrollLeft }
    })
    const applied: Record<string, unknown> = {}
    const isNew = (name: string) => {
      const before = applied[name]
      applied[name] = props[name]
      return before !== props[name]
    }
    return {
      update() {
        element.style.overflowX = props.scrollX ? 'auto' : 'hidden'
        element.style.overflowY = props.scrollY ? 'auto' : 'hidden'
        element.toggleAttribute('enable-flex', Boolean(props.enableFlex))
        const behavior = props.scrollWithAnimation ? 'smooth' : 'auto'
        requestAnimationFrame(() => {
          if (isNew('scrollTop') && props.scrollTop !== null) {
            element.scrollTo({ top: Number(props.scrollTop), behavior })
          }
          if (isNew('scrollLeft') && props.scrollLeft !== null) {
            element.scrollTo({ left: Number(props.scrollLeft), behavior })
          }
          if (isNew('scrollIntoView') && props.scrollIntoView) {
            element
              .querySelector(`#${CSS.escape(String(props.scrollIntoView))}`)
              ?.scrollIntoView({ behavior })
          }
        })
      },
    }
  },
}

/** `<swiper>`: scrolls by whole items. */
export const swiper: Builtin = {
  props: {
    current: 0,
    autoplay: false,
    interval: 5000,
    duration: 500,
    circular: false,
    vertical: false,
    indicatorDots: false,
    indicatorColor: 'rgba(0, 0, 0, .3)',
    indicatorActiveColor: '#000000',
  },
  setup({ element, props, set, emit }) {
    const root = element.attachShadow({ mode: 'open' })
    root.innerHTML = `<style>:host{display:block;position:relative;height:150px;overflow:hidden}
.track{display:flex;height:100%;overflow:auto;scroll-snap-type:both mandatory;scrollbar-width:none}
:host([vertical]) .track{flex-direction:column}
::slotted(*){flex:0 0 100%;scroll-snap-align:start}
.dots{position:absolute;left:0;right:0;bottom:10px;display:flex;justify-content:center;gap:8px}
.dots i{width:8px;height:8px;border-radius:50%}</style><div class="track"><slot></slot></div><div class="dots"></div>`
    const track = root.querySelector('.track') as HTMLElement
    const dots = root.querySelector('.dots') as HTMLElement
    const items = () => [...element.querySelectorAll<HTMLElement>(':scope > wx-swiper-item')]
    const itemId = () => items()[Number(props.current)]?.dataset.itemId ?? ''
    let source: 'touch' | 'autoplay' | '' = ''
    let settled = 0
    let timer: ReturnType<typeof setInterval> | undefined

    const show = (index: number, behavior: ScrollBehavior) => {
      const size = props.vertical ? track.clientHeight : track.clientWidth
      track.scrollTo(props.vertical ? { top: index * size, behavior } : { left: index * size, behavior })
    }
    const drawDots = () => {
      dots.hidden = !props.indicatorDots
      dots.replaceChildren(
        ...items().map((_, index) => {
          const dot = document.createElement('i')
          const active = index === Number(props.current)
          dot.style.background = String(props[active ? 'indicatorActiveColor' : 'indicatorColor'])
          return dot
        }),
      )
    }
    const change = (current: number, why: typeof source) => {
      source = why
      settled = current
      set({ current })
      emit('change', { current, currentItemId: itemId(), source })
      drawDots()
    }
    track.addEventListener('scrollend', () => {
      const size = props.vertical ? track.clientHeight : track.clientWidth
      const index = Math.round((props.vertical ? track.scrollTop : track.scrollLeft) / (size || 1))
      if (index !== Number(props.current)) change(index, 'touch')
      emit('animationfinish', { current: index, currentItemId: itemId(), source })
    })
    root.querySelector('slot')?.addEventListener('slotchange', drawDots)
    return {
      update() {
        element.toggleAttribute('vertical', Boolean(props.vertical))
        const current = Number(props.current)
        if (current !== settled) {
          settled = current
          show(current, 'smooth')
          emit('change', { current, currentItemId: itemId(), source: '' })
        }
        drawDots()
        clearInterval(timer)
        if (!props.autoplay) return
        timer = setInterval(() => {
          const next = Number(props.current) + 1
          const wrapped = next < items().length ? next : props.circular ? 0 : undefined
          if (wrapped === undefined) return
          change(wrapped, 'autoplay')
          show(wrapped, 'smooth')
        }, Number(props.interval))
      },
      attached: () => requestAnimationFrame(() => show(Number(props.current), 'auto')),
      detached: () => clearInterval(timer),
    }
  },
}

/** `<swiper-item>`. */
export const swiperItem: Builtin = {
  props: { itemId: '' },
  setup: ({ element, props }) => ({
    update() {
      element.dataset.itemId = String(props.itemId)
    },
  }),
}

/** `<page-meta>`: what a page says about itself in its template. */
export const pageMeta: Builtin = {
  props: { pageStyle: '', rootFontSize: '', rootBackgroundColor: '' },
  setup({ element, props }) {
    const update = () => {
      const page = element.closest<HTMLElement>('wx-page')
      const layer = element.closest<HTMLElement>('.page-layer')
      if (!page || !layer) return
      if (props.pageStyle) page.setAttribute('style', String(props.pageStyle))
      if (props.rootBackgroundColor) layer.style.background = String(props.rootBackgroundColor)
      if (props.rootFontSize) document.documentElement.style.fontSize = convertRpx(String(props.rootFontSize))
    }
    return { update, attached: update }
  },
}
