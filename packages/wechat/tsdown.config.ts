import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'transport/default-undici': 'src/transport/default-undici.ts',
    'transport/default-fetch': 'src/transport/default-fetch.ts',
  },
  platform: 'neutral',
  target: 'es2023',
  deps: { neverBundle: ['undici', /^#/] },
  dts: true,
})
