import { createApp } from 'vue'
import './styles/base.css'
import './styles/phone.css'
import './styles/dialogs.css'
import './styles/side.css'
import PhonePage from './phone-page.vue'

createApp(PhonePage).mount('#app')
