import { defineConfig } from 'tsdown'

// What the app's own build makes of this is what runs: uni-app, Taro and WeChat's tools compile it further down.
export default defineConfig({
  entry: { index: 'src/index.ts', core: 'src/core.ts', simulator: 'src/platform/simulator.ts' },
  platform: 'neutral',
  target: 'es2020',
  dts: true,
})
