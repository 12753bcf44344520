import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'

// Every `vite.*.config.ts` beside this file is one page or script of the simulator.
const folder = import.meta.dirname
const configs = readdirSync(folder).filter((name) => /^vite\..+\.config\.ts$/.test(name))
const quiet = { rolldownOptions: { checks: { pluginTimings: false } } }
await Promise.all(configs.map((name) => build({ configFile: join(folder, name), build: quiet })))

// Compressed once, here, and not at each request.
const worthIt = new Set(['.js', '.css', '.html', '.svg', '.json'])
const smallestBytes = 1024
const out = join(folder, '../dist/browser')
for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !worthIt.has(extname(entry.name))) continue
  const file = join(entry.parentPath, entry.name)
  const content = readFileSync(file)
  if (content.length < smallestBytes) continue
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params }))
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
}
