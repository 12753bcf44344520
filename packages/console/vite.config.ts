import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** What the libraries carry for tools and for old ways of use, left out of the build. */
const leftOut = {
  __VUE_OPTIONS_API__: 'true',
  __VUE_PROD_DEVTOOLS__: 'false',
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  __VUE_I18N_FULL_INSTALL__: 'false',
  __VUE_I18N_LEGACY_API__: 'false',
  __INTLIFY_DROP_MESSAGE_COMPILER__: 'false',
  __INTLIFY_JIT_COMPILATION__: 'true',
  __INTLIFY_PROD_DEVTOOLS__: 'false',
}

export default defineConfig({
  root: import.meta.dirname,
  // Relative to <base>, so that the service may be mounted under any path.
  base: './',
  plugins: [vue()],
  define: leftOut,
  // The example app of this repository brings another version of Vue to the root.
  resolve: { dedupe: ['vue', 'vue-router'] },
  server: { proxy: { '/admin': process.env.HAOMA_URL ?? 'http://127.0.0.1:4000' } },
  build: {
    target: ['chrome123', 'safari17.5', 'firefox120'],
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
})
