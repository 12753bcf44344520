import type { NavigationBar } from '../../host.ts'
import type { OpenPage, Pages, RouteKind } from '../pages.ts'
import { WxFailure } from './callback.ts'

type Options = Record<string, unknown>

/** Pages, the bars around them, and the scroll of the page. */
export function createNavigation(pages: Pages) {
  const opening = (kind: RouteKind) => (options: Options) => {
    if (typeof options.url !== 'string') {
      throw new WxFailure('parameter error: parameter.url should be String instead of Undefined')
    }
    const events = options.events as Record<string, never> | undefined
    const page = pages.open(kind, options.url, events ? { events } : {})
    return kind === 'navigateTo' ? { eventChannel: page.channel } : undefined
  }
  const bar = (changes: (options: Options) => Partial<NavigationBar>) => (options: Options) =>
    pages.updateBar(pages.current(), changes(options))
  const tab = (change: (item: NonNullable<Pages['tabBar']>['items'][number], options: Options) => void) => {
    return (options: Options) => {
      const item = pages.tabBar?.items[Number(options.index)]
      if (!item) throw new WxFailure('tabbar item not found')
      change(item, options)
      pages.refreshBars()
    }
  }

  return {
    navigateTo: opening('navigateTo'),
    redirectTo: opening('redirectTo'),
    reLaunch: opening('reLaunch'),
    switchTab: opening('switchTab'),
    navigateBack: (options: Options) => pages.back(Number(options.delta ?? 1)),
    setNavigationBarTitle: bar((options) => ({ title: String(options.title ?? '') })),
    setNavigationBarColor: bar((options) => ({
      background: String(options.backgroundColor),
      text: options.frontColor === '#000000' ? 'black' : 'white',
    })),
    showNavigationBarLoading: bar(() => ({ loading: true })),
    hideNavigationBarLoading: bar(() => ({ loading: false })),
    setTabBarBadge: tab((item, options) => {
      item.badge = String(options.text ?? '')
    }),
    removeTabBarBadge: tab((item) => {
      delete item.badge
    }),
    showTabBarRedDot: tab((item) => {
      item.dot = true
    }),
    hideTabBarRedDot: tab((item) => {
      delete item.dot
    }),
    setTabBarItem: tab((item, options) => {
      for (const name of ['text', 'iconPath', 'selectedIconPath', 'pagePath'] as const) {
        if (typeof options[name] === 'string') item[name] = options[name]
      }
    }),
    showTabBar: () => pages.setTabBarHidden(false),
    hideTabBar: () => pages.setTabBarHidden(true),
    pageScrollTo: (options: Options) => scrollTo(pages.current(), options),
    startPullDownRefresh: () => {
      const { instance } = pages.current() ?? {}
      const refresh = instance?.onPullDownRefresh
      if (typeof refresh === 'function') refresh.call(instance)
    },
    stopPullDownRefresh: () => undefined,
    setBackgroundColor: (options: Options) => {
      const { layer } = pages.current() ?? {}
      if (layer && options.backgroundColor) layer.style.background = String(options.backgroundColor)
    },
    setBackgroundTextStyle: () => undefined,
  }
}

function scrollTo(page: OpenPage | undefined, options: Options): void {
  if (!page) return
  const behavior = Number(options.duration ?? 300) > 0 ? 'smooth' : 'auto'
  const selector = options.selector
  const target = typeof selector === 'string' ? page.layer.querySelector(selector) : undefined
  const offset = Number(options.offsetTop ?? 0)
  const top = target
    ? target.getBoundingClientRect().top + page.layer.scrollTop + offset
    : Number(options.scrollTop ?? 0)
  page.layer.scrollTo({ top, behavior })
}
