import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A component library for native mini programs, as it comes from npm, and how a page uses it. */
export interface NativeLibrary {
  /** Its npm package. */
  packageName: string
  /** Its folder for mini programs, in the package. */
  folder: string
  /** What its tags begin with. */
  prefix: string
  /** Main file of a component in the folder, without extension. */
  fileOf(component: string): string
  /** Components that only work as part of another, whose sample has them, or only on a real phone. */
  partsOf?: Record<string, string>
  /** How a component is used, where an empty tag shows nothing of it. */
  samples: Record<string, string>
  /** Data of the pages with the samples. */
  data?: object
  /** Template of the login page; its script is `fixtures/login.js`. */
  login: string
  appStyles?: string
  /** `style` of app.json: the other libraries ask to leave it out. */
  appStyle?: 'v2'
}

const require = createRequire(import.meta.url)
const perPage = 8

/** Where an npm package lies, whatever its `exports` hide. */
function packageFolder(name: string): string {
  const found = (require.resolve.paths(name) ?? []).map((folder) => join(folder, name))
  for (const folder of found) {
    try {
      require(join(folder, 'package.json'))
      return folder
    } catch {}
  }
  throw new Error(`${name} is not installed: npm install`)
}

/** Every component that a library has. */
export async function componentsOf(library: NativeLibrary): Promise<string[]> {
  const root = join(packageFolder(library.packageName), library.folder)
  const names: string[] = []
  for (const entry of (await readdir(root)).sort()) {
    const json = await readFile(join(root, `${library.fileOf(entry)}.json`), 'utf8').catch(() => '')
    if (json.includes('"component"')) names.push(entry)
  }
  return names
}

/**
 * Writes a mini program with an untouched library in `miniprogram_npm`, as DevTools puts it there: pages that use every
 * component once, and a login page.
 *
 * @returns the pages and what is on them
 */
export async function writeMiniProgram(
  library: NativeLibrary,
  folder: string,
): Promise<{ page: string; components: string[] }[]> {
  const { packageName, prefix, fileOf, samples, partsOf = {}, data = {} } = library
  const source = join(packageFolder(packageName), library.folder)
  const target = join(folder, 'miniprogram_npm', packageName)
  await cp(source, target, { recursive: true })
  // What a library brings along goes beside it.
  await cp(join(source, 'miniprogram_npm'), join(folder, 'miniprogram_npm'), { recursive: true }).catch(
    () => {},
  )
  const all = await componentsOf(library)
  const usingComponents = Object.fromEntries(
    all.map((name) => [`${prefix}-${name}`, `${packageName}/${fileOf(name)}`]),
  )
  const shown = all.filter((name) => partsOf[name] === undefined)
  const pages: { page: string; components: string[] }[] = []
  for (let at = 0; at < shown.length; at += perPage) {
    const components = shown.slice(at, at + perPage)
    const page = `pages/gallery${at / perPage}/index`
    pages.push({ page, components })
    const tag = (name: string) => samples[name] ?? `<${prefix}-${name}>${name}</${prefix}-${name}>`
    const body = components.map((name) => `<view class="name">${name}</view>\n${tag(name)}`)
    await writePage(folder, page, {
      wxml: body.join('\n'),
      // Popups open as when a person opens them: some components of WeUI close themselves 300 ms after they are ready.
      js: `Page({
        data: ${JSON.stringify({ list: [1, 2, 3], isOpen: false, ...data })},
        onReady() { setTimeout(() => this.setData({ isOpen: true }), 400) },
      })`,
      wxss: '.name { padding: 8px 12px; color: #888; font-size: 12px }',
      json: { usingComponents },
    })
  }
  await writePage(folder, 'pages/login/index', {
    wxml: library.login,
    js: await readFile(join(import.meta.dirname, 'fixtures/login.js'), 'utf8'),
    wxss: await readFile(join(import.meta.dirname, 'fixtures/login.wxss'), 'utf8'),
    json: { usingComponents, navigationBarTitleText: '登录' },
  })
  await mkdir(join(folder, 'lib'), { recursive: true })
  await cp(join(import.meta.dirname, 'fixtures/describe.js'), join(folder, 'lib/describe.js'))
  const paths = ['pages/login/index', ...pages.map(({ page }) => page)]
  await writeFile(
    join(folder, 'app.json'),
    JSON.stringify({ pages: paths, ...(library.appStyle && { style: library.appStyle }) }),
  )
  await writeFile(join(folder, 'app.js'), 'App({})')
  if (library.appStyles) await writeFile(join(folder, 'app.wxss'), library.appStyles)
  return pages
}

async function writePage(
  folder: string,
  page: string,
  { wxml, js, wxss, json }: { wxml: string; js: string; wxss: string; json: object },
): Promise<void> {
  await mkdir(dirname(join(folder, page)), { recursive: true })
  await writeFile(join(folder, `${page}.wxml`), wxml)
  await writeFile(join(folder, `${page}.js`), js)
  await writeFile(join(folder, `${page}.wxss`), wxss)
  await writeFile(join(folder, `${page}.json`), JSON.stringify(json))
}
