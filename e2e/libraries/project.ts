import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from '../../scripts/lib/build.mjs'
import { run } from '../../scripts/lib/run.mjs'
import { root } from '../support/fences.ts'
import { compileTaro, install, installTaro } from '../support/taro.ts'
import { type UniLibrary, writePages } from './uni-library.ts'

const example = join(root, 'examples/uni-app')
/** Below the example, whose uni-app compiles it; the libraries are installed here and nowhere else. */
export const uniApp = join(example, 'dist/libraries')

export interface Gallery {
  page: string
  components: string[]
}

/** Writes one mini program with every library in it, compiles it as the example is compiled, and says what is where. */
export async function buildUniLibraries(libraries: UniLibrary[]): Promise<Map<string, Gallery[]>> {
  await build(['uni'])
  await rm(join(uniApp, 'src'), { recursive: true, force: true })
  await cp(join(root, 'e2e/fixtures/uni-libraries'), uniApp, { recursive: true })
  await install(uniApp)
  await mkdir(join(uniApp, 'node_modules/@haoma'), { recursive: true })
  const link = join(uniApp, 'node_modules/@haoma/uni')
  await rm(link, { force: true })
  await symlink(join(root, 'packages/uni'), link, 'junction')

  const galleries = new Map<string, Gallery[]>()
  for (const library of libraries)
    galleries.set(library.name, await writePages(library, uniApp, { easycom: true }))
  // Where uni-app looks for native components.
  await cp(join(uniApp, 'node_modules/@vant/weapp/lib'), join(uniApp, 'src/wxcomponents/vant'), {
    recursive: true,
  })
  const style = { navigationBarTitleText: '组件库' }
  const settings = {
    pages: libraries.flatMap(({ name, usingComponents = {} }) => [
      { path: `pages/${name}/index`, style: { ...style, usingComponents } },
      ...(galleries.get(name) ?? []).map(({ page: path }) => ({ path, style })),
    ]),
    easycom: { custom: easycom },
  }
  await writeFile(join(uniApp, 'src/pages.json'), JSON.stringify(settings, null, 2))
  await run('npx', ['uni', 'build', '-p', 'mp-weixin'], {
    cwd: example,
    quiet: true,
    env: {
      ...process.env,
      VITE_ROOT_DIR: uniApp,
      UNI_INPUT_DIR: join(uniApp, 'src'),
      UNI_OUTPUT_DIR: join(uniApp, 'out'),
      NODE_ENV: 'production',
    },
  })
  return galleries
}

const taroExample = join(root, 'examples/taro')
/** Below the example, whose Taro compiles it. */
const taroApp = join(taroExample, '.cache/libraries')

/** The same with the libraries of Taro; gives the compiled folder too. */
export async function buildTaroLibraries(
  libraries: UniLibrary[],
): Promise<{ galleries: Map<string, Gallery[]>; folder: string }> {
  await build(['uni'])
  await installTaro()
  await rm(join(taroApp, 'src'), { recursive: true, force: true })
  await cp(join(root, 'e2e/fixtures/taro-libraries'), taroApp, { recursive: true })
  await install(taroApp)
  const galleries = new Map<string, Gallery[]>()
  for (const library of libraries)
    galleries.set(library.name, await writePages(library, taroApp, { easycom: false }))
  const pages = [...galleries].flatMap(([name, of]) => [`pages/${name}/index`, ...of.map(({ page }) => page)])
  const settings = { pages, window: { navigationBarTitleText: '组件库' } }
  await writeFile(join(taroApp, 'src/app.config.js'), `export default ${JSON.stringify(settings, null, 2)}\n`)
  await compileTaro(taroApp)
  return { galleries, folder: join(taroApp, 'dist') }
}

/** As the documentation of each library says. */
const easycom = {
  '^(phone-login-button|sms-login-form|privacy-popup)$': '@haoma/uni/$1.vue',
  '^wd-(.*)': 'wot-design-uni/components/wd-$1/wd-$1.vue',
  '^u--(.*)': 'uview-plus/components/u-$1/u-$1.vue',
  '^up-(.*)': 'uview-plus/components/u-$1/u-$1.vue',
  '^u-([^-].*)': 'uview-plus/components/u-$1/u-$1.vue',
  '^uni-(.*)': '@dcloudio/uni-ui/lib/uni-$1/uni-$1.vue',
}
