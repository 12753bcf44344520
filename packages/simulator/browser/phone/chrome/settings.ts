import type { Platform } from '../host.ts'
import type { Language } from './texts.ts'

/** What the address selects; tests rely on it, so that a page opened with it is always the same. */
export interface Settings {
  appid: string
  user: string
  platform: Platform
  lang: Language
  theme: 'light' | 'dark'
  /** WeChat's own version. */
  wechat: string
  /** Version of the base library. */
  lib: string
  /** The page to open with its query; empty for the home page. */
  page: string
  /** Where `wx.request` really goes, by origin. */
  origins: Record<string, string>
}

export const platforms: readonly Platform[] = [
  'ios',
  'android',
  'harmony',
  'windows',
  'mac',
  'wxwork',
  'devtools',
]

/** Base libraries at which something of phone login or privacy changed. */
export const baseLibraries: readonly string[] = [
  '3.8.0',
  '3.4.2',
  '3.0.1',
  '2.33.1',
  '2.32.3',
  '2.24.4',
  '2.21.2',
  '2.19.0',
]

/** A setting that the panel offers. */
export type ChoosableSetting = Exclude<keyof Settings, 'origins'>

const names = ['appid', 'user', 'platform', 'lang', 'theme', 'wechat', 'lib', 'page'] as const

/** Reads the settings from an address; what it does not say is taken from the browser and the defaults. */
export function readSettings(search: string): Settings {
  const query = new URLSearchParams(search)
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches
  const settings: Settings = {
    appid: '',
    user: '',
    platform: 'ios',
    lang: navigator.language.startsWith('zh') ? 'zh' : 'en',
    theme: prefersDark ? 'dark' : 'light',
    wechat: '8.0.56',
    lib: '3.8.0',
    page: '',
    origins: readOrigins(query.get('origins')),
  }
  for (const name of names) {
    const value = query.get(name)
    if (value) Object.assign(settings, { [name]: value })
  }
  if (!platforms.includes(settings.platform)) settings.platform = 'ios'
  if (settings.lang !== 'zh' && settings.lang !== 'en') settings.lang = 'zh'
  return settings
}

function readOrigins(text: string | null): Record<string, string> {
  try {
    return text === null ? {} : (JSON.parse(text) as Record<string, string>)
  } catch {
    return {}
  }
}

/** Writes one setting into the address, so that it can be shared and survives a reload. */
export function writeSetting(name: ChoosableSetting, value: string): void {
  const url = new URL(location.href)
  if (value === '') url.searchParams.delete(name)
  else url.searchParams.set(name, value)
  history.replaceState(null, '', url)
}
