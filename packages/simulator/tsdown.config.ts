import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { index: 'src/index.ts', vitest: 'src/vitest.ts', playwright: 'src/phone/playwright/index.ts' },
  platform: 'node',
  fixedExtension: false,
  target: 'node20',
  dts: true,
})
