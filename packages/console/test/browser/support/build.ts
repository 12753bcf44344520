import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

/** Builds the console into a folder of its own: no test depends on what lies in `dist/`. */
export async function buildConsole(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'haoma-console-'))
  const configFile = `${import.meta.dirname}/../../../vite.config.ts`
  const quiet = { rolldownOptions: { checks: { pluginTimings: false } } }
  await build({
    configFile,
    mode: 'production',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, ...quiet },
  })
  return outDir
}
