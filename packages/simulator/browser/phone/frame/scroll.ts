import type { OpenPage } from './pages.ts'

const bottomDistancePx = 50

/** Tells a page that it was scrolled, and that its end came near. */
export function watchScroll(
  page: Pick<OpenPage, 'layer' | 'instance'>,
  call: (name: 'onPageScroll' | 'onReachBottom', argument?: unknown) => void,
): void {
  const { layer } = page
  let wasNear = false
  layer.addEventListener('scroll', () => {
    call('onPageScroll', { scrollTop: layer.scrollTop })
    const near = layer.scrollHeight - layer.clientHeight - layer.scrollTop <= bottomDistancePx
    if (near && !wasNear) call('onReachBottom')
    wasNear = near
  })
}
