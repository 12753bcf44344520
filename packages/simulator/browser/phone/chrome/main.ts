import { createApp } from 'vue'
import './chrome.css'
import PhonePage from './phone-page.vue'

createApp(PhonePage).mount('#app')
