import { createPhoneLogin } from '@haoma/uni'
import { createSSRApp } from 'vue'
import App from './App.vue'
import { appid, baseUrl, platform } from './settings'

export function createApp() {
  const app = createSSRApp(App)
  app.use(createPhoneLogin({ baseUrl, appid, platform }))
  return { app }
}
