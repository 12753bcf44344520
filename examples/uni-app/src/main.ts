import { createPhoneLogin } from '@haoma/uni'
import { createSSRApp } from 'vue'
import App from './App.vue'
import { appid, baseUrl } from './settings'

export function createApp() {
  const app = createSSRApp(App)
  app.use(createPhoneLogin({ baseUrl, appid }))
  return { app }
}
