import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './paths.mjs'

/**
 * Bundles the generator of traffic from the sources and gives its arguments for node.
 *
 * @returns {Promise<string[]>}
 */
export async function trafficCommand() {
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
  // What is in use can be told from what is only not collected yet.
  return ['--expose-gc', outfile]
}
