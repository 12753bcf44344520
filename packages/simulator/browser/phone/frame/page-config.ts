import type { Bundle } from '../../../src/phone/bundle.ts'
import type { NavigationBar, TabBar, TabItem } from '../host.ts'

type Config = Record<string, unknown>

/**
 * Puts in the colours of `theme.json` for the values written `@name`.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/ability/darkmode.html
 */
export function applyTheme(config: Config, bundle: Bundle, theme: 'light' | 'dark'): Config {
  const location = String(bundle.app.themeLocation ?? 'theme.json').replace(/^\/|\.json$/g, '')
  const variables = (bundle.configs[location]?.[theme] ?? {}) as Config
  const resolve = (value: unknown): unknown => {
    if (typeof value === 'string' && value.startsWith('@')) return variables[value.slice(1)]
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolve(item)]))
    }
    return value
  }
  return resolve(config) as Config
}

/** The navigation bar as `app.json` and the page's JSON, both with colours put in, make it. */
export function readNavigationBar(merged: Config): NavigationBar {
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
export function readTabBar(tabBar: Config | undefined): TabBar | undefined {
  const given = tabBar as (Config & { list?: Config[] }) | undefined
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
export function readBackground(merged: Config): string {
  return toHex(merged.backgroundColorContent, '')
}

function toHex(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback
}
