import { computed, type Ref, ref, watch, watchEffect } from 'vue'
import { type Panel, panels } from './panels.ts'
import { type Language, texts } from './texts/index.ts'

/** A choice of the person at the screen, kept for the next visit. */
const kept = <T extends string>(key: string, initial: T): Ref<T> => {
  const choice = ref((localStorage.getItem(`haoma.control.${key}`) as T | null) ?? initial) as Ref<T>
  watch(choice, (value) => localStorage.setItem(`haoma.control.${key}`, value))
  return choice
}

export const language = kept<Language>('language', navigator.language.startsWith('zh') ? 'zh' : 'en')
export const theme = kept<'auto' | 'light' | 'dark'>('theme', 'auto')
/** The app and the user that the connect lines, the bill and the phone are about. */
export const chosenAppid = kept<string>('appid', '')
export const chosenUser = kept<string>('user', '')

export const t = computed(() => texts[language.value])

const panelInAddress = (): Panel => panels.find((panel) => `#${panel}` === location.hash) ?? 'overview'
export const panel = ref<Panel>(panelInAddress())
addEventListener('hashchange', () => {
  panel.value = panelInAddress()
})

/** Follows a media query. */
export const matches = (query: string): Ref<boolean> => {
  const list = matchMedia(query)
  const matched = ref(list.matches)
  list.addEventListener('change', () => {
    matched.value = list.matches
  })
  return matched
}

const prefersDark = matches('(prefers-color-scheme: dark)')

watchEffect(() => {
  const root = document.documentElement
  root.lang = language.value === 'zh' ? 'zh-CN' : 'en'
  root.dataset.theme = theme.value === 'auto' ? (prefersDark.value ? 'dark' : 'light') : theme.value
  document.title = `${t.value.title} · ${t.value.panels[panel.value]}`
})
