import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { defineConfig } from 'tsdown'

const require = createRequire(import.meta.url)
const swagger = dirname(require.resolve('swagger-ui-dist/package.json'))

// `/docs` works with no network, so what it shows is shipped, with its licence.
const shipped = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'LICENSE',
  'NOTICE',
]

export default defineConfig({
  entry: { index: 'src/index.ts', 'verify-session': 'src/sessions/verify-session.ts' },
  platform: 'node',
  target: 'node20',
  fixedExtension: false,
  dts: true,
  copy: shipped.map((name) => ({ from: join(swagger, name), to: 'dist/swagger-ui' })),
})
