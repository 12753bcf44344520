import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from '../../scripts/lib/build.mjs'
import { run } from '../../scripts/lib/run.mjs'
import { root } from './fences.ts'

const example = join(root, 'examples/taro')

/** Installs what a folder's lock file says, unless it is there already, and runs no script of it. */
export async function install(cwd: string): Promise<void> {
  const lock = await readFile(join(cwd, 'package-lock.json'), 'utf8')
  const stamp = join(cwd, 'node_modules/.haoma-installed')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === lock) return
  // Not npm ci, which refuses a lock file that lacks an optional package of some other platform.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', args, { cwd, quiet: true })
  await writeFile(stamp, lock)
}

/** Installs the example's Taro. */
export const installTaro = () => install(example)

/** Compiles a folder for WeChat with the example's Taro. */
export const compileTaro = (cwd: string) =>
  run(join(example, 'node_modules/.bin/taro'), ['build', '--type', 'weapp'], {
    cwd,
    quiet: true,
    env: { NODE_ENV: 'production' },
  })

/** The example for Taro, compiled for WeChat. */
export async function taroMiniProgram(): Promise<string> {
  await build(['uni'])
  await installTaro()
  await compileTaro(example)
  return join(example, 'dist')
}
