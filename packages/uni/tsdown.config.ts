import { defineConfig } from 'tsdown'

export default defineConfig([
  // What the app's own build makes of this is what runs: uni-app, Taro and WeChat's tools compile it further down.
  {
    entry: { index: 'src/index.ts', core: 'src/core.ts', simulator: 'src/platform/simulator.ts' },
    platform: 'neutral',
    target: 'es2020',
    dts: true,
    clean: false,
  },
  // What WeChat's tools copy into `miniprogram_npm` as it is.
  {
    entry: { index: 'src/native.ts' },
    outDir: 'dist/miniprogram',
    format: 'cjs',
    fixedExtension: false,
    outExtensions: () => ({ js: '.js' }),
    platform: 'neutral',
    target: 'es2018',
    dts: false,
    clean: false,
  },
])
