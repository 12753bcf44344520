import { defineConfig } from 'tsdown'

// Mini programs run what the app's own build makes of this: ES2017 is what their oldest engines take.
export default defineConfig({
  entry: ['src/index.ts'],
  platform: 'neutral',
  target: 'es2017',
  dts: true,
})
