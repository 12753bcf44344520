import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/vitest.ts'],
  platform: 'node',
  fixedExtension: false,
  target: 'node20',
  dts: true,
})
