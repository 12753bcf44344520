import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'

/** Files of Swagger UI that `/docs` serves, so that it works with no network. */
export const swaggerFiles = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const

export type SwaggerFile = keyof typeof swaggerFiles

export interface ServedFile {
  bytes: Uint8Array<ArrayBuffer>
  encoding: 'br' | undefined
}

/**
 * Reads a file of Swagger UI, compressed for those who take that. The build puts the compressed form beside the built
 * module, with its licence: the plain one would be most of the package. Run from source, it is made from the
 * development dependency.
 */
export async function readSwaggerFile(name: SwaggerFile, takesBrotli: boolean): Promise<ServedFile> {
  const compressed = await compressedFile(name)
  const bytes = takesBrotli ? compressed : await promisify(brotliDecompress)(compressed)
  return { bytes: new Uint8Array(bytes), encoding: takesBrotli ? 'br' : undefined }
}

async function compressedFile(name: SwaggerFile): Promise<Buffer> {
  try {
    return await readFile(fileURLToPath(new URL(`./swagger-ui/${name}.br`, import.meta.url)))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    const manifest = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')
    const plain = await readFile(join(dirname(manifest), name))
    return promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
  }
}
