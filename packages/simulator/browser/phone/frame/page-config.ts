import type { AppConfig } from '../../../src/phone/project.ts'
import type { NavigationBar, TabBar, TabItem } from '../host.ts'

type Config = Record<string, unknown>

/** The navigation bar as `app.json` and the page's JSON make it. */
export function readNavigationBar(app: AppConfig, page: Config): NavigationBar {
  const merged: Config = { ...app.window, ...page }
  return {
    title: String(merged.navigationBarTitleText ?? ''),
    background: toHex(merged.navigationBarBackgroundColor, '#000000'),
    text: merged.navigationBarTextStyle === 'black' ? 'black' : 'white',
    custom: merged.navigationStyle === 'custom',
    loading: false,
    canGoBack: false,
    canGoHome: false,
  }
}

/** The tab bar of `app.json`; absent when there is none, or when the mini program draws its own. */
export function readTabBar(app: AppConfig): TabBar | undefined {
  const given = app.tabBar as (Config & { list?: Config[] }) | undefined
  if (!given?.list?.length) return undefined
  return {
    color: toHex(given.color, '#7a7e83'),
    selectedColor: toHex(given.selectedColor, '#3cc51f'),
    background: toHex(given.backgroundColor, '#ffffff'),
    border: given.borderStyle === 'white' ? 'white' : 'black',
    position: given.position === 'top' ? 'top' : 'bottom',
    items: given.list.map(readTabItem),
    selected: 0,
  }
}

function readTabItem(given: Config): TabItem {
  const item: TabItem = {
    pagePath: String(given.pagePath ?? '').replace(/^\//, ''),
    text: String(given.text ?? ''),
  }
  if (given.iconPath) item.iconPath = String(given.iconPath)
  if (given.selectedIconPath) item.selectedIconPath = String(given.selectedIconPath)
  return item
}

/** The page's own background, behind its content. */
export function readBackground(app: AppConfig, page: Config): string {
  return toHex({ ...app.window, ...page }.backgroundColorContent, '')
}

/** Values named `@x` come from `theme.json`, which is not played: the fallback stands in. */
function toHex(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' && !value.startsWith('@') ? value : fallback
}
