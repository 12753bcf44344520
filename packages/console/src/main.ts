import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp, watch } from 'vue'
import { session } from './api/session.ts'
import { i18n, loadTexts, showLanguage } from './look/i18n.ts'
import './look/theme.ts'
import './look/tokens.css'
import './look/base.css'
import 'element-plus/es/components/base/style/css'
import './look/element.css'
import AppRoot from './shell/AppRoot.vue'
import { queries } from './shell/queries.ts'
import { router } from './shell/router.ts'

showLanguage()
await loadTexts()

// A session that ends while a page is open leads to the sign-in, and from there back to that page.
watch(session, (now, before) => {
  if (now !== null || !before) return
  queries.clear()
  const { meta, fullPath } = router.currentRoute.value
  if (!meta.isOpen) void router.push({ name: 'sign-in', query: { back: fullPath } })
})

createApp(AppRoot).use(i18n).use(router).use(VueQueryPlugin, { queryClient: queries }).mount('#app')
