// Builds the pages into dist/ and compresses them once, here, and not at each request.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'

const folder = import.meta.dirname
const quiet = { rolldownOptions: { checks: { pluginTimings: false } } }
await build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'warn', build: quiet })

const worthIt = new Set(['.js', '.css', '.svg'])
const smallestBytes = 1024
for (const entry of readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !worthIt.has(extname(entry.name))) continue
  const file = join(entry.parentPath, entry.name)
  const content = readFileSync(file)
  if (content.length < smallestBytes) continue
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }))
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
}
