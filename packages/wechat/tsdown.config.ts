import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    conformance: 'src/access-token/stores/conformance.ts',
    'encrypted-data': 'src/encrypted-data/index.ts',
    'stores/file': 'src/access-token/stores/file.ts',
    'stores/postgres': 'src/access-token/stores/postgres.ts',
    'stores/redis': 'src/access-token/stores/redis.ts',
    undici: 'src/transport/undici.ts',
    'transport/default-undici': 'src/transport/default-undici.ts',
    'transport/default-fetch': 'src/transport/default-fetch.ts',
  },
  platform: 'neutral',
  target: 'es2023',
  deps: { neverBundle: ['undici', /^#/, /^node:/] },
  dts: true,
})
