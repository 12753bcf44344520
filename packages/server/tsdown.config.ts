import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { defineConfig } from 'tsdown'

const require = createRequire(import.meta.url)
const swagger = dirname(require.resolve('swagger-ui-dist/package.json'))
const shipped = join(import.meta.dirname, 'dist', 'swagger-ui')

/** `/docs` works with no network, so what it shows is shipped, compressed, with its licence. */
async function shipSwagger(): Promise<void> {
  await mkdir(shipped, { recursive: true })
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    await writeFile(join(shipped, `${name}.br`), brotliCompressSync(await readFile(join(swagger, name))))
  }
  for (const name of ['swagger-ui-bundle.js.LICENSE.txt', 'LICENSE', 'NOTICE']) {
    await copyFile(join(swagger, name), join(shipped, name))
  }
}

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'verify-session': 'src/sessions/verify-session.ts',
    conformance: 'src/ways/back-end/user-store-conformance.ts',
  },
  platform: 'node',
  target: 'node20',
  fixedExtension: false,
  dts: true,
  onSuccess: shipSwagger,
})
