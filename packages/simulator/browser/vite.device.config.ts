import { defineConfig } from 'vite'

// One classic script with nothing to import: pages load it with a plain <script src>.
export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'warn',
  build: {
    target: 'es2022',
    outDir: '../dist/browser/device',
    emptyOutDir: true,
    reportCompressedSize: false,
    lib: { entry: 'device/main.ts', name: 'haoma', formats: ['iife'], fileName: () => 'device.js' },
  },
})
