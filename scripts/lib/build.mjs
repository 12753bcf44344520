import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache, root } from './paths.mjs'
import { run } from './run.mjs'
import { step } from './terminal.mjs'

/** The example on a platform that it is compiled for. */
const example = (platform, out = 'app.json') => ({
  dir: 'examples/uni-app',
  script: `build:${platform}`,
  out: `dist/build/${platform}/${out}`,
  needs: ['uni'],
  variables: ['VITE_HAOMA_URL', 'VITE_HAOMA_APPID'],
})

/**
 * What can be built, in the order of who needs whom. `out` proves that the build is there,
 * `variables` are those of the environment that go into it.
 */
export const targets = {
  protocol: { dir: 'packages/protocol', script: 'build', out: 'dist/index.js', needs: [] },
  wechat: { dir: 'packages/wechat', script: 'build', out: 'dist/index.js', needs: [] },
  simulator: { dir: 'packages/simulator', script: 'build', out: 'dist/index.js', needs: [] },
  console: { dir: 'packages/console', script: 'build', out: 'dist/index.html', needs: ['protocol'] },
  server: {
    dir: 'packages/server',
    script: 'build',
    out: 'dist/index.js',
    needs: ['protocol', 'wechat', 'console'],
  },
  uni: { dir: 'packages/uni', script: 'build', out: 'dist/index.js', needs: ['protocol'] },
  cli: { dir: 'packages/cli', script: 'build', out: 'dist/main.js', needs: ['server', 'simulator'] },
  'example-h5': {
    dir: 'examples/uni-app',
    script: 'build:h5',
    out: 'dist/build/h5/index.html',
    needs: ['uni'],
  },
  'example-mp-weixin': example('mp-weixin'),
  'example-app': example('app', 'app-service.js'),
  'example-mp-alipay': example('mp-alipay'),
  'example-mp-toutiao': example('mp-toutiao'),
}

const notInputs = new Set(['node_modules', 'dist', 'test', 'coverage', '.haoma'])

function* inputs(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (notInputs.has(entry.name) || entry.name.endsWith('.test.ts')) continue
    const path = join(dir, entry.name)
    if (entry.isDirectory()) yield* inputs(path)
    else if (entry.isFile()) yield path
  }
}

/** Changes exactly when something that goes into the build changes. */
function key(name) {
  const { dir, script, needs, variables = [] } = targets[name]
  const hash = createHash('sha256')
    .update(script)
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(readFileSync(join(root, 'tsconfig.base.json')))
  for (const path of inputs(join(root, dir))) hash.update(path.slice(root.length)).update(readFileSync(path))
  for (const variable of variables) hash.update(`\0${process.env[variable] ?? ''}`)
  for (const need of needs) hash.update(key(need))
  return hash.digest('hex')
}

/** Builds the named targets and what they need; skips whatever has not changed since its last build. */
export async function build(names = Object.keys(targets)) {
  const under = new Map()
  const one = (name) => {
    if (!under.has(name)) under.set(name, buildOne(name, one))
    return under.get(name)
  }
  await Promise.all(names.map(one))
  if (under.has('cli')) await linkCommand()
}

async function buildOne(name, one) {
  const { dir, script, out, needs } = targets[name]
  await Promise.all(needs.map(one))
  const stamp = join(cache, `built-${name}`)
  const wanted = key(name)
  if (existsSync(join(root, dir, out)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  rmSync(stamp, { force: true })
  await step(`构建 · building ${name}`, () =>
    run('npm', ['run', '--silent', script], { cwd: join(root, dir), quiet: true }),
  )
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, wanted)
}

/** npm links a command only when its file is there, which before the first build it is not. */
async function linkCommand() {
  const bin = join(root, 'node_modules', '.bin', 'haoma')
  if (existsSync(bin) || existsSync(`${bin}.cmd`)) return
  const args = ['rebuild', 'haoma', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', args, { cwd: root, quiet: true })
}
