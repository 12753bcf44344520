import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Files of Swagger UI that `/docs` serves, so that it works with no network. */
export const swaggerFiles = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const

export type SwaggerFile = keyof typeof swaggerFiles

/**
 * Reads a file of Swagger UI: from beside the built module, where the build copies them with their licence,
 * or, when run from source, from the development dependency.
 */
export async function readSwaggerFile(name: SwaggerFile): Promise<Buffer> {
  try {
    return await readFile(fileURLToPath(new URL(`./swagger-ui/${name}`, import.meta.url)))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    const require = createRequire(import.meta.url)
    const manifest = require.resolve('swagger-ui-dist/package.json')
    return readFile(join(dirname(manifest), name))
  }
}
