import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Two documents: the phone with WeChat's native parts, and the frame inside it where the mini program runs.
export default defineConfig({
  root: `${import.meta.dirname}/phone`,
  base: '/phone/',
  logLevel: 'warn',
  plugins: [vue()],
  build: {
    target: 'es2022',
    outDir: '../../dist/browser/phone',
    emptyOutDir: true,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: 'index.html', frame: 'frame.html' },
      checks: { pluginTimings: false },
    },
  },
})
