import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  root: `${import.meta.dirname}/control`,
  logLevel: 'warn',
  plugins: [vue()],
  build: {
    target: 'es2022',
    outDir: '../../dist/browser/control',
    emptyOutDir: true,
    reportCompressedSize: false,
  },
})
