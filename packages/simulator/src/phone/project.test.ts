import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBundle } from './bundle.ts'
import { PhoneProjectError } from './errors.ts'
import { readProject } from './project.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haoma-project-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

const minimal = {
  'app.json': '{"pages":["pages/a/a"]}',
  'app.js': 'App({})',
  'pages/a/a.js': 'Page({})',
  'pages/a/a.wxml': '<view/>',
}

async function refusal(read: Promise<unknown>): Promise<PhoneProjectError> {
  const error = await read.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(PhoneProjectError)
  return error as PhoneProjectError
}

describe('readProject', () => {
  it('reads every file by its path, pages of subpackages included', async () => {
    await write({
      ...minimal,
      'app.json': '\uFEFF{"pages":["pages/a/a"],"subPackages":[{"root":"shop/","pages":["b/b"]}]}',
      'shop/b/b.js': 'Page({})',
      'shop/b/b.wxml': '<view/>',
      'project.config.json': '{"appid":"wx0123456789abcdef"}',
      'node_modules/left-out/index.js': '',
    })
    const project = await readProject(folder)
    expect(project.pages).toEqual(['pages/a/a', 'shop/b/b'])
    expect(project.appid).toBe('wx0123456789abcdef')
    expect(Object.keys(project.scripts)).toEqual(['app', 'pages/a/a', 'shop/b/b'])
  })

  it('follows miniprogramRoot, as WeChat DevTools does', async () => {
    const below = Object.entries(minimal).map(([path, text]) => [`dist/${path}`, text])
    await write({ ...Object.fromEntries(below), 'project.config.json': '{"miniprogramRoot":"dist/"}' })
    expect((await readProject(folder)).pages).toEqual(['pages/a/a'])
  })

  it('runs without the settings of WeChat’s tools, and names them when they cannot be read', async () => {
    await write({ ...minimal, 'project.config.json': '<!-- made by a tool -->' })
    expect(await readProject(folder)).toMatchObject({ pages: ['pages/a/a'], appid: undefined })
    expect((await createBundle(folder)).problems).toEqual([
      expect.objectContaining({ level: 'error', file: 'project.config.json' }),
    ])
  })

  it('says in both languages what to do about a folder that it cannot run', async () => {
    const missing = await refusal(readProject(join(folder, 'none')))
    expect(missing.reason).toBe('missing')
    expect(missing.texts.zh).toContain('npm run build:mp-weixin')
    expect(missing.texts.en).toContain('npm run build:mp-weixin')

    expect((await refusal(readProject(folder))).reason).toBe('not-compiled')
    await write({ 'src/pages.json': '{}' })
    expect((await refusal(readProject(folder))).reason).toBe('source')
  })

  it('names the file that is missing or broken', async () => {
    await write({ ...minimal, 'app.json': '{"pages":["pages/b/b"]}' })
    expect((await refusal(readProject(folder))).texts.en).toContain('pages/b/b.wxml')
    await write({ 'app.json': '{"pages":[' })
    expect((await refusal(readProject(folder))).texts.en).toContain('app.json is not valid JSON')
    await write({ 'app.json': '{"pages":[]}' })
    expect((await refusal(readProject(folder))).reason).toBe('no-pages')
  })

  it('reads a folder that is built anew meanwhile, or says what it lacks', async () => {
    const many = Array.from({ length: 60 }, (_, at) => [`parts/${at}/index.js`, 'Component({})'])
    const files = { ...minimal, ...Object.fromEntries(many) }
    let building = true
    const builds = (async () => {
      while (building) {
        await write(files)
        await rm(folder, { recursive: true, force: true })
      }
    })()
    const errors: unknown[] = []
    for (let reading = 0; reading < 60; reading += 1) {
      await readProject(folder).catch((error: unknown) => errors.push(error))
    }
    building = false
    await builds
    expect(errors.filter((error) => !(error instanceof PhoneProjectError))).toEqual([])
  })
})

describe('createBundle', () => {
  const problemsOf = async (files: Record<string, string>) => {
    await write({ ...minimal, ...files })
    return (await createBundle(folder)).problems
  }

  it('lets one bad file cost that file only, and names it with its line', async () => {
    const problems = await problemsOf({
      'app.json': '{"pages":["pages/a/a","pages/b/b"]}',
      'pages/a/a.json': '{"usingComponents":{"bad":"/parts/bad"}}',
      'pages/a/a.wxml': '<bad/>',
      'parts/bad.js': 'Component({})',
      'parts/bad.json': '{"component":true,',
      'parts/bad.wxml': '<view>\n<text>{{ a b }}</text></view>',
    })
    expect(problems.map(({ level, file, line }) => [level, file, line])).toEqual([
      ['error', 'parts/bad.json', undefined],
      ['error', 'app.json', undefined],
      ['error', 'parts/bad.wxml', 2],
    ])
  })

  it('says which packages from npm were not built', async () => {
    const [problem, ...others] = await problemsOf({
      'pages/a/a.json': '{"usingComponents":{"t-icon":"tdesign-miniprogram/icon/icon"}}',
    })
    expect(problem).toMatchObject({ level: 'error', file: 'pages/a/a.json' })
    expect(problem?.message).toMatch(/<t-icon>.*tdesign-miniprogram\/icon\/icon[\s\S]*构建 npm.*Build npm/)
    expect(others).toEqual([])
  })

  it('says nothing about files that no page reaches', async () => {
    const unused = {
      'parts/x.js': '',
      'parts/x.json': '{',
      'parts/x.wxml': '<view>{{ a b }}',
      'parts/x.wxs': '(',
    }
    expect(await problemsOf(unused)).toEqual([])
  })

  it('takes a slot with content of its own, as WeChat does', async () => {
    expect(await problemsOf({ 'pages/a/a.wxml': '<slot name="x"><text>none</text></slot>' })).toEqual([
      { level: 'warn', file: 'pages/a/a.wxml', line: 1, message: expect.stringContaining('child nodes') },
    ])
  })

  it('names a WXS file that is missing, or is no WXS, and goes on', async () => {
    const problems = await problemsOf({
      'pages/a/a.wxml':
        '<wxs src="./none.wxs" module="n"/><wxs src="./bad.wxs" module="b"/><wxs module="i">\n(</wxs>',
      'pages/a/bad.wxs': 'var a =\n;;)',
    })
    expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'pages/a/a.wxml:2',
      'pages/a/none.wxs:1',
      'pages/a/bad.wxs:2',
    ])
  })
})

describe('scripts', () => {
  const scriptOf = async (files: Record<string, string>, name = 'pages/a/a') => {
    await write({ ...minimal, ...files })
    return (await readProject(folder)).scripts[name] as string
  }
  /** Runs a script as a module whose `require` knows what is given. */
  const run = (code: string, modules: Record<string, unknown> = {}) => {
    const module = { exports: {} as Record<string, unknown> }
    new Function('require', 'module', 'exports', code)(
      (name: string) => modules[name],
      module,
      module.exports,
    )
    return module.exports
  }

  it('become CommonJS where they are ES modules, minified ones too', async () => {
    const code = await scriptOf({
      'pages/a/a.js': 'import d,{x as y}from"./m";import*as all from"./m";export{y};export default d+y+all.x',
    })
    const m = { __esModule: true, default: 1, x: 2 }
    expect(run(code, { './m': m })).toMatchObject({ y: 2, default: 5 })
  })

  it('stay as they are where they are not, even when they speak of imports', async () => {
    const text = "// import 'x'\nmodule.exports = { a: 'export default' }\nreturn"
    expect(await scriptOf({ 'pages/a/a.js': text })).toBe(text)
  })

  it('stay as they are where they cannot be read: running them says why', async () => {
    expect(await scriptOf({ 'pages/a/a.js': 'import { from' })).toBe('import { from')
  })

  it('are compiled from TypeScript where nothing is compiled yet', async () => {
    const files = { 'lib/t.ts': 'export const n: number = 3', 'lib/t.d.ts': 'export declare const n: number' }
    expect(run(await scriptOf(files, 'lib/t'))).toMatchObject({ n: 3 })
    expect(await scriptOf({ ...files, 'lib/t.js': 'exports.n = 4' }, 'lib/t')).toBe('exports.n = 4')
  })
})
