import { initPreContext, preHtml } from '@dcloudio/uni-cli-shared'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vitest/config'
import { mutantPlugin } from '../../scripts/lib/mutant-plugin.mjs'

// The component as the H5 build makes it; what mp-weixin makes of it is tested in e2e/mp-weixin.test.ts.
initPreContext('h5')

/** uni-app's own conditional compilation (`#ifdef`), which comes before the Vue compiler. */
const conditionalCompilation: Plugin = {
  name: 'uni-conditional-compilation',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('.vue') ? preHtml(code, id) : undefined),
}

const isPlatformElement = (tag: string) => tag === 'view' || tag === 'text'

export default defineConfig({
  // As uni-app's build sets it.
  define: { 'process.env.UNI_PLATFORM': '"h5"' },
  plugins: [
    mutantPlugin(),
    conditionalCompilation,
    vue({ template: { compilerOptions: { isCustomElement: isPlatformElement } } }),
  ],
  resolve: { conditions: ['haoma-source', 'module', 'browser', 'import', 'default'] },
  test: { name: 'components', environment: 'happy-dom', include: ['src/**/*.spec.ts'] },
})
