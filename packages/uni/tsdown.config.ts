import { defineConfig } from 'tsdown'

// Mini programs run what the app's own build makes of this: ES2018 is what their oldest engines take.
export default defineConfig({
  entry: ['src/index.ts'],
  platform: 'neutral',
  target: 'es2018',
  dts: true,
})
