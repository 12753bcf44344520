import { createApp } from 'vue'
import App from './App.vue'
import { follow } from './simulator.ts'
import './styles.css'

follow()
createApp(App).mount('#app')
