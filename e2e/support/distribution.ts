import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from '../../scripts/lib/build.mjs'
import { run } from '../../scripts/lib/run.mjs'

const root = join(import.meta.dirname, '../..')
const fixtures = join(root, 'e2e/fixtures')
const example = join(root, 'examples/uni-app')
/** Below the example, so that what HBuilderX brings along (Vue, uni-app) is found. */
const work = join(example, 'dist/distribution')

/**
 * A native mini program with the package as WeChat's tools put it into `miniprogram_npm`.
 *
 * @param user - The file of tests it is made for. Files run side by side, and each needs its own: a phone page
 *   starts anew when its folder changes.
 */
export async function nativeMiniProgram(user: string): Promise<string> {
  await build(['uni'])
  const folder = join(work, `native-${user}`)
  await rm(folder, { recursive: true, force: true })
  await cp(join(fixtures, 'native'), folder, { recursive: true })
  const { miniprogram } = JSON.parse(await readFile(join(root, 'packages/uni/package.json'), 'utf8'))
  await cp(join(root, 'packages/uni', miniprogram), join(folder, 'miniprogram_npm/@haoma/uni'), {
    recursive: true,
  })
  return folder
}

/** A project as HBuilderX makes it, with neither npm nor a `src`, and the plugin in its `uni_modules`; built. */
export async function hbuilderxProject(platform: 'mp-weixin' | 'h5'): Promise<string> {
  await build(['uni'])
  const folder = join(work, 'hbuilderx')
  const out = join(work, `hbuilderx-${platform}`)
  await rm(folder, { recursive: true, force: true })
  await cp(join(fixtures, 'hbuilderx'), folder, { recursive: true })
  await mkdir(join(folder, 'uni_modules'), { recursive: true })
  await cp(join(root, 'packages/uni/dist/uni_modules'), join(folder, 'uni_modules'), { recursive: true })
  // HBuilderX brings its own; here it is the one that the example has installed.
  await writeFile(join(folder, 'vite.config.js'), hbuilderxConfig)
  await run('npx', ['uni', 'build', '-p', platform], {
    cwd: example,
    quiet: true,
    env: {
      ...process.env,
      VITE_ROOT_DIR: folder,
      UNI_INPUT_DIR: folder,
      UNI_OUTPUT_DIR: out,
      NODE_ENV: 'production',
    },
  })
  return out
}

const hbuilderxConfig = `import uni from '@dcloudio/vite-plugin-uni'
export default { plugins: [uni()] }
`
