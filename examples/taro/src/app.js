import { createPhoneLogin, createPlatform } from '@haoma/uni'
import { createApp } from 'vue'
import './app.css'

/** WeChat's own calls: all that the login needs of the platform. */
const platform = createPlatform(wx)

const App = createApp({})
App.use(createPhoneLogin({ appid: 'wx5f0a3c9e7b1d2468', baseUrl: 'http://127.0.0.1:4000', platform }))

export default App
