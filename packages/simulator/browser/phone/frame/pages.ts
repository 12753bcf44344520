import type { Bundle } from '../../../src/phone/bundle.ts'
import { resolvePath } from '../../../src/phone/paths.ts'
import { customTabBarPath } from '../../../src/phone/templates/reach.ts'
import type { Host, NavigationBar, TabBar } from '../host.ts'
import type { Components, PageRoot } from './code-space.ts'
import { createEventChannel, type EventChannel } from './event-channel.ts'
import { applyTheme, readBackground, readNavigationBar, readTabBar } from './page-config.ts'
import { watchScroll } from './scroll.ts'
import { WxFailure } from './wx/callback.ts'

/** What mini program code has in its hands as a page: `this` in `Page({…})`. */
export type PageInstance = Record<string, unknown> & { route: string }

/** An open page. */
export interface OpenPage {
  path: string
  query: Record<string, string>
  instance: PageInstance
  root: PageRoot
  layer: HTMLElement
  sheets: HTMLStyleElement[]
  /** What code changed of the navigation bar; the rest comes from the JSON. */
  barChanges: Partial<NavigationBar>
  channel: EventChannel
  /** The tab bar that the mini program draws itself, of this page. */
  ownTabBar: { root: PageRoot; instance: unknown } | undefined
}

/** How a page came to be shown; WeChat's names. */
export type RouteKind = 'navigateTo' | 'redirectTo' | 'reLaunch' | 'switchTab' | 'navigateBack' | 'appLaunch'

/** The stack of open pages. */
export interface Pages {
  open(kind: RouteKind, url: string, options?: { events?: Record<string, never> }): OpenPage
  back(delta: number): void
  current(): OpenPage | undefined
  stack(): PageInstance[]
  /** Calls a lifecycle function of the page on top, and of its components. */
  notify(name: 'onShow' | 'onHide'): void
  updateBar(page: OpenPage | undefined, changes: Partial<NavigationBar>): void
  tabBar: TabBar | undefined
  /** Draws both bars of the page on top again, after a change of theme or tabs. */
  refreshBars(): void
  setTabBarHidden(hidden: boolean): void
}

const maxDepth = 10

interface PagesOptions {
  bundle: Bundle
  components: Components
  host: Host
  container: HTMLElement
  theme(): 'light' | 'dark'
  onError(error: unknown): void
  /** Called before each change of page: a sheet that is open loses its callback. */
  onLeave(): void
}

/** Creates the page stack: navigation, lifecycles, navigation and tab bar. */
export function createPages(options: PagesOptions): Pages {
  const { bundle, components, host } = options
  const themed = (config: Record<string, unknown>) => applyTheme(config, bundle, options.theme())
  const readTabs = () => readTabBar(bundle.app.tabBar && themed(bundle.app.tabBar))
  const tabBar = readTabs()
  const tabPages = new Map<string, OpenPage>()
  let stack: OpenPage[] = []
  let tabBarHidden = false
  let ids = 0

  const top = () => stack.at(-1)
  const isTab = (path: string) => tabBar?.items.some((item) => item.pagePath === path) ?? false

  const create = (path: string, query: string): OpenPage => {
    components.load(path)
    const { root, sheets } = components.createRoot('page', path, query)
    const instance = root.get() as unknown as PageInstance
    const parsed = parseQuery(query)
    const channel = createEventChannel()
    const ownTabBar = isTab(path) ? createOwnTabBar(sheets) : undefined
    setFields(instance, {
      route: path,
      __route__: path,
      options: parsed,
      __wxWebviewId__: ++ids,
      getOpenerEventChannel: () => channel,
      getTabBar: (take?: (tabBar: unknown) => void) => {
        take?.(ownTabBar?.instance ?? null)
        return ownTabBar?.instance ?? null
      },
    })
    const layer = document.createElement('section')
    layer.className = 'page-layer'
    layer.dataset.path = path
    layer.style.background = readBackground(windowOf(path))
    return { path, query: parsed, instance, root, layer, sheets, barChanges: {}, channel, ownTabBar }
  }
  const windowOf = (path: string) => themed({ ...bundle.app.window, ...bundle.configs[path] })

  /** Each tab page has a tab bar of its own, as on a phone. */
  const createOwnTabBar = (sheets: HTMLStyleElement[]) => {
    if (!isCustomTabBar(bundle)) return undefined
    try {
      components.load(customTabBarPath)
      const made = components.createRoot('custom-tab-bar', customTabBarPath, '')
      sheets.push(...made.sheets)
      return { root: made.root, instance: made.root.get() }
    } catch (error) {
      options.onError(error)
      return undefined
    }
  }

  const attach = (page: OpenPage) => {
    options.container.append(page.layer)
    components.styles.use(page.sheets)
    refresh(page)
    components.ready.hold(() => {
      attachRoot(page.root, page.layer)
      if (page.ownTabBar) attachRoot(page.ownTabBar.root, page.layer)
      call(page, 'onLoad', page.query)
      show(page)
    })
    watchScroll(page, (name, argument) => call(page, name, argument))
    setTimeout(() => {
      components.ready.flush()
      call(page, 'onReady')
      page.root.getComponent().triggerPageLifetime('routeDone', [])
      call(page, 'onRouteDone')
    })
  }

  const call = (page: OpenPage, name: string, argument?: unknown) => {
    const method = page.instance[name]
    if (typeof method !== 'function') return
    try {
      method.call(page.instance, argument)
    } catch (error) {
      options.onError(error)
    }
  }

  const show = (page: OpenPage) => {
    for (const { layer } of [...stack, ...tabPages.values()]) layer.hidden = layer !== page.layer
    components.styles.use(page.sheets)
    refresh(page)
    call(page, 'onShow')
    page.root.getComponent().triggerPageLifetime('show', [])
    host.pageChanged(page.path)
  }
  const hide = (page: OpenPage) => {
    call(page, 'onHide')
    page.root.getComponent().triggerPageLifetime('hide', [])
  }
  const close = (page: OpenPage) => {
    call(page, 'onUnload')
    page.ownTabBar?.root.release()
    page.root.release()
    page.layer.remove()
    for (const sheet of page.sheets) sheet.remove()
  }

  const refresh = (page: OpenPage | undefined = top()) => {
    if (!page) return
    const canGoBack = stack.length > 1
    const isHome = isTab(page.path) || page.path === homePath(bundle)
    host.showNavigationBar({
      ...readNavigationBar(windowOf(page.path)),
      ...page.barChanges,
      canGoBack,
      canGoHome: !canGoBack && !isHome,
    })
    const selected = tabBar?.items.findIndex((item) => item.pagePath === page.path) ?? -1
    // A custom tab bar that is not there leaves WeChat's own in its place.
    const shown = tabBar && selected >= 0 && !tabBarHidden && !isCustomTabBar(bundle)
    host.showTabBar(
      shown ? { ...tabBar, selected, items: tabBar.items.map((item) => ({ ...item })) } : undefined,
    )
  }

  const closeAllBut = (kept: OpenPage | undefined) => {
    for (const page of new Set([...stack, ...tabPages.values()])) if (page !== kept) close(page)
    tabPages.clear()
    stack = []
  }

  const open: Pages['open'] = (kind, url, { events } = {}) => {
    const { path, query } = resolveUrl(url, top()?.path ?? '')
    assertOpenable(kind, path)
    options.onLeave()
    const before = top()
    if (kind === 'switchTab') return switchTo(path)
    const page = create(path, query)
    if (events) page.channel.listen(events)
    if (kind === 'navigateTo') {
      if (before) hide(before)
    } else if (kind === 'redirectTo') {
      stack.pop()
      if (before) {
        close(before)
        tabPages.delete(before.path)
      }
    } else {
      closeAllBut(undefined)
    }
    stack.push(page)
    if (isTab(path)) tabPages.set(path, page)
    attach(page)
    return page
  }

  const assertOpenable = (kind: RouteKind, path: string) => {
    if (!bundle.pages.includes(path)) throw new WxFailure(`page "${path}" is not found`)
    if (kind === 'switchTab' && !isTab(path)) throw new WxFailure('can not switch to no-tabBar page')
    if ((kind === 'navigateTo' || kind === 'redirectTo') && isTab(path)) {
      throw new WxFailure(`can not ${kind} a tabbar page`)
    }
    if (kind === 'navigateTo' && stack.length >= maxDepth) {
      throw new WxFailure(`webview count limit exceed`)
    }
  }

  const switchTo = (path: string): OpenPage => {
    const before = top()
    const kept = tabPages.get(path)
    if (before && before === kept) return before
    if (before && isTab(before.path)) hide(before)
    for (const page of stack) if (!isTab(page.path)) close(page)
    const page = kept ?? create(path, '')
    tabPages.set(path, page)
    stack = [page]
    if (kept) show(kept)
    else attach(page)
    const index = tabBar?.items.findIndex((item) => item.pagePath === path) ?? -1
    call(page, 'onTabItemTap', { index, pagePath: path, text: tabBar?.items[index]?.text })
    return page
  }

  return {
    open,
    back(delta) {
      if (stack.length < 2) throw new WxFailure('cannot navigate back at first page.')
      options.onLeave()
      const closing = stack.splice(Math.max(1, stack.length - Math.max(1, delta)))
      for (const page of closing.reverse()) close(page)
      const page = top()
      if (page) show(page)
    },
    current: top,
    stack: () => stack.map(({ instance }) => instance),
    notify(name) {
      const page = top()
      if (page) (name === 'onShow' ? show : hide)(page)
    },
    updateBar(page, changes) {
      if (!page) return
      Object.assign(page.barChanges, changes)
      if (page === top()) refresh(page)
    },
    tabBar,
    refreshBars: () => {
      const { color, selectedColor, background, border } = readTabs() ?? {}
      if (tabBar) Object.assign(tabBar, { color, selectedColor, background, border })
      refresh()
    },
    setTabBarHidden(hidden) {
      tabBarHidden = hidden
      refresh()
    },
  }
}

function attachRoot(root: PageRoot, layer: HTMLElement): void {
  const placeholder = document.createElement('div')
  layer.append(placeholder)
  root.attach(layer as never, placeholder as never)
}

/** Sets fields whatever the page's code calls its methods: an accessor of the same name is covered. */
function setFields(instance: object, fields: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(instance, name, { value, writable: true, enumerable: true, configurable: true })
  }
}

/** The page a mini program opens with. */
export function homePath(bundle: Bundle): string {
  const entry = bundle.app.entryPagePath?.replace(/\.html$/, '').replace(/^\//, '')
  return entry ?? bundle.pages[0] ?? ''
}

function isCustomTabBar(bundle: Bundle): boolean {
  return bundle.app.tabBar?.custom === true && bundle.scripts[customTabBarPath] !== undefined
}

function resolveUrl(url: string, base: string): { path: string; query: string } {
  const [address = '', query = ''] = splitOnce(url, '?')
  return { path: resolvePath(address.replace(/\.html$/, ''), base), query }
}

/** WeChat hands values over as they were written: code that encoded one decodes it itself. */
function parseQuery(query: string): Record<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return Object.fromEntries(pairs.map((pair) => [splitOnce(pair, '=')[0], splitOnce(pair, '=')[1] ?? '']))
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
