import { defineConfig } from 'vitest/config'
import { mutantPlugin } from './scripts/lib/mutant-plugin.mjs'

// Tests import the TypeScript sources of every workspace package, so no build has to run before them.
// Those that start processes or browsers use the built output and live in e2e/.
// Neither "import" nor "module" may stand here: they would reach require() too, and break packages such as pg.
const conditions = ['haoma-source', 'node']

export default defineConfig({
  plugins: [mutantPlugin()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globalSetup: ['scripts/services/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Files share a process and what it has loaded: each puts back what it changes of it, and none mocks a module.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      // Vue components, compiled as uni-app does.
      'packages/uni/vitest.config.ts',
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'examples/{adapters,member-store}/*.test.ts',
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          isolate: true,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
