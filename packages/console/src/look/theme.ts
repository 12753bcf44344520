import { ref, watch } from 'vue'
import { store, stored } from './stored.ts'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** What the reader chose; `auto` follows the system. */
export const theme = ref<Theme>(themes.find((one) => one === stored('theme')) ?? 'auto')

watch(
  theme,
  (chosen) => {
    store('theme', chosen)
    if (chosen === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = chosen
  },
  { immediate: true, flush: 'sync' },
)
