import { createI18n, type DefineLocaleMessage } from 'vue-i18n'
import { store, stored } from './stored.ts'

export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

type Table = DefineLocaleMessage
type Load = () => Promise<{ texts: Table }>

const tables: Record<string, Load> = {
  ...(import.meta.glob('../texts/{zh,en}.ts') as Record<string, Load>),
  ...(import.meta.glob('../pages/*/texts/{zh,en}.ts') as Record<string, Load>),
}

const first = (): Language => {
  const chosen = stored('language') ?? navigator.language
  return chosen.startsWith('en') || !/^zh/i.test(chosen) ? 'en' : 'zh'
}

export const i18n = createI18n({
  legacy: false,
  locale: first(),
  fallbackLocale: 'zh',
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  messages: { zh: {}, en: {} } satisfies Record<Language, Table>,
})

const { global } = i18n

/** The language of the page now. */
export const language = (): Language => global.locale.value as Language

const wanted = new Set<string>(['../texts'])
const loaded = new Set<string>()

async function load(folder: string, into: Language): Promise<void> {
  const path = `${folder}/${into}.ts`
  if (loaded.has(path)) return
  const table = await tables[path]?.()
  loaded.add(path)
  if (table) global.mergeLocaleMessage(into, table.texts)
}

/** Loads the words of a page, in the language of now only. The other one is loaded when somebody asks for it. */
export async function loadTexts(page?: string): Promise<void> {
  if (page) wanted.add(`../pages/${page}/texts`)
  await Promise.all([...wanted].map((folder) => load(folder, language())))
}

export async function setLanguage(to: Language): Promise<void> {
  await Promise.all([...wanted].map((folder) => load(folder, to)))
  global.locale.value = to
  store('language', to)
  showLanguage()
}

/** Tells the browser and its screen reader. */
export function showLanguage(): void {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en'
}
