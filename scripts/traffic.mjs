// npm run traffic -- [--days 90] [--entries 5000] [--seed 7] [--database sqlite:PATH|postgres://…]: fills an empty database with
// traffic of past weeks, bad days included, for looking at the console and for measuring. --entries 0 leaves it empty. With
// --measure, and the options it was filled with, searches in what is there and prints how long each kind took.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { run } from './lib/run.mjs'
import { runMain } from './lib/terminal.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  const { build } = await import('esbuild')
  const server = join(root, 'packages', 'server')
  const { dependencies } = JSON.parse(readFileSync(join(server, 'package.json'), 'utf8'))
  const outfile = join(server, 'node_modules', '.cache', 'traffic.mjs')
  await build({
    entryPoints: [join(server, 'test', 'traffic', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: Object.keys(dependencies).filter((name) => !name.startsWith('@haoma/')),
    conditions: ['haoma-source'],
    // Modules that are imported late as well lose their beginning when they are said to have no effect.
    ignoreAnnotations: true,
    logLevel: 'error',
  })
  await run(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: process.cwd() })
})
