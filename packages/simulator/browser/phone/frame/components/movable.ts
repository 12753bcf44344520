import type { Builtin } from './define.ts'

/**
 * `<movable-view>`: goes where a finger drags it, within its `<movable-area>`.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/component/movable-view.html
 */
export const movableView: Builtin = {
  props: {
    direction: 'none',
    x: '0',
    y: '0',
    disabled: false,
    outOfBounds: false,
    inertia: false,
    damping: 20,
    friction: 2,
    scale: false,
    scaleValue: '1',
    animation: true,
  },
  setup({ element, props, emit }) {
    const at = { x: 0, y: 0 }
    let given = ''
    const move = (x: number, y: number, source: string) => {
      const area = element.closest<HTMLElement>('wx-movable-area')
      const bound = (value: number, inner: number, outer: number) =>
        props.outOfBounds
          ? value
          : Math.min(Math.max(value, Math.min(0, outer - inner)), Math.max(0, outer - inner))
      const next = {
        x: bound(x, element.offsetWidth, area?.clientWidth ?? 0),
        y: bound(y, element.offsetHeight, area?.clientHeight ?? 0),
      }
      element.style.transform = `translate(${next.x}px, ${next.y}px) scale(${Number(props.scaleValue) || 1})`
      if (next.x === at.x && next.y === at.y) return
      Object.assign(at, next)
      emit('change', { ...next, source })
    }
    element.addEventListener('pointerdown', (down) => {
      if (props.disabled || props.direction === 'none') return
      const start = { ...at }
      const drag = (event: PointerEvent) => {
        const goes = (way: string) => props.direction === 'all' || props.direction === way
        move(
          start.x + (goes('horizontal') ? event.clientX - down.clientX : 0),
          start.y + (goes('vertical') ? event.clientY - down.clientY : 0),
          'touch',
        )
      }
      window.addEventListener('pointermove', drag)
      const end = () => window.removeEventListener('pointermove', drag)
      window.addEventListener('pointerup', end, { once: true })
      window.addEventListener('pointercancel', end, { once: true })
    })
    const place = () => {
      const wanted = `${props.x} ${props.y}`
      if (wanted === given) return
      given = wanted
      move(Number.parseFloat(String(props.x)) || 0, Number.parseFloat(String(props.y)) || 0, '')
    }
    const soon = () => requestAnimationFrame(place)
    return { update: soon, attached: soon }
  },
}
