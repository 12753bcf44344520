import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { compileScript, compileTypeScript } from './compile-scripts.ts'
import { PhoneProjectError } from './errors.ts'

/** What `app.json` says, as far as the phone page uses it. */
export interface AppConfig {
  pages: string[]
  entryPagePath?: string
  subPackages?: SubPackage[]
  subpackages?: SubPackage[]
  usingComponents?: Record<string, string>
  window?: Record<string, unknown>
  tabBar?: Record<string, unknown>
  [key: string]: unknown
}

interface SubPackage {
  root: string
  pages: string[]
}

/** Something wrong in one file, which costs that file only. */
export interface Problem {
  /** An error is in the way of what the file is for; a warning is not. */
  level: 'error' | 'warn'
  file: string
  line?: number
  message: string
}

/** The files of a compiled mini program, by their path without the extension. */
export interface Project {
  folder: string
  /** From `project.config.json`; absent when that file is not part of the output. */
  appid: string | undefined
  app: AppConfig
  /** Every page, those of subpackages included, main package first. */
  pages: string[]
  configs: Record<string, Record<string, unknown>>
  templates: Record<string, string>
  templateScripts: Record<string, string>
  styles: Record<string, string>
  /** As CommonJS. */
  scripts: Record<string, string>
  problems: Problem[]
}

/** The settings of WeChat DevTools, by their path without the extension; a mini program runs without them. */
export const toolSettings = 'project.config'

/** Never uploaded by WeChat's own tools, and not looked at here. */
const skippedFolders = new Set(['node_modules', '.git'])

type Kind = 'configs' | 'templates' | 'templateScripts' | 'styles' | 'scripts' | 'typeScripts'

const kinds: Record<string, Kind> = {
  '.json': 'configs',
  '.wxml': 'templates',
  '.wxs': 'templateScripts',
  '.wxss': 'styles',
  '.js': 'scripts',
  '.ts': 'typeScripts',
}

/**
 * Reads a compiled mini program as it would be uploaded to WeChat.
 *
 * A folder whose `project.config.json` names a `miniprogramRoot` is followed there, as WeChat DevTools does.
 *
 * @throws PhoneProjectError - The folder is missing, is not a compiled mini program, or has a broken JSON file.
 */
export async function readProject(given: string): Promise<Project> {
  const folder = await findRoot(resolve(given))
  const project: Project = {
    folder,
    appid: undefined,
    app: { pages: [] },
    pages: [],
    configs: {},
    templates: {},
    templateScripts: {},
    styles: {},
    scripts: {},
    problems: [],
  }
  for (const path of await listFiles(folder)) {
    const extension = /\.[^./]+$/.exec(path)?.[0] ?? ''
    const kind = kinds[extension]
    if (kind === undefined) continue
    const name = path.slice(0, -extension.length)
    const text = await readText(folder, path, project.problems)
    if (text === undefined) continue
    if (kind === 'configs') project.configs[name] = readConfig(text, path, project.problems)
    else if (kind === 'scripts') project.scripts[name] = compileScript(text)
    else if (kind !== 'typeScripts') project[kind][name] = text
    // Sorted, so the script that is compiled already was read before it.
    else if (!name.endsWith('.d')) project.scripts[name] ??= compileTypeScript(text)
  }
  if (project.configs.app === undefined) throw new PhoneProjectError('not-compiled', { folder })
  project.app = project.configs.app as AppConfig
  project.appid =
    appidIn(project.configs[toolSettings]) ??
    (folder === resolve(given)
      ? undefined
      : appidIn(await readToolSettings(resolve(given), project.problems)))
  project.pages = listPages(project.app)
  assertComplete(project)
  return project
}

async function findRoot(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined)
  if (!found?.isDirectory()) throw new PhoneProjectError('missing', { folder })
  if (await exists(join(folder, 'app.json'))) return folder
  const root = (await readToolSettings(folder, []))?.miniprogramRoot
  if (typeof root === 'string' && (await exists(join(folder, root, 'app.json')))) return join(folder, root)
  throw new PhoneProjectError(await whyNotCompiled(folder), { folder })
}

async function whyNotCompiled(folder: string): Promise<'source' | 'not-compiled'> {
  const signs = ['src/pages.json', 'pages.json', 'src/manifest.json', 'manifest.json', 'src/app.config.ts']
  for (const sign of signs) if (await exists(join(folder, sign))) return 'source'
  return 'not-compiled'
}

function appidIn(settings: Record<string, unknown> | undefined): string | undefined {
  const appid = settings?.appid
  return typeof appid === 'string' && /^wx[0-9a-z]+$/i.test(appid) ? appid : undefined
}

function listPages(app: AppConfig): string[] {
  const packages = [...(app.subPackages ?? []), ...(app.subpackages ?? [])]
  const below = packages.flatMap(({ root, pages }) =>
    pages.map((page) => `${root}/${page}`.replace(/\/{2,}/g, '/').replace(/^\//, '')),
  )
  return [...(app.pages ?? []).map((page) => page.replace(/^\//, '')), ...below]
}

function assertComplete({ folder, pages, scripts, templates, problems }: Project): void {
  if (pages.length === 0) throw new PhoneProjectError('no-pages', { folder })
  if (scripts.app === undefined) throw new PhoneProjectError('no-script', { folder, file: 'app.js' })
  const lacks = pages.flatMap((page) => [
    ...(templates[page] === undefined ? [`${page}.wxml`] : []),
    ...(scripts[page] === undefined ? [`${page}.js`] : []),
  ])
  if (new Set(lacks.map((file) => file.replace(/\.\w+$/, ''))).size === pages.length) {
    throw new PhoneProjectError('no-page', { folder, file: lacks[0] as string })
  }
  if (lacks.length === 0) return
  problems.push({ level: 'error', file: 'app.json', message: `pages lack their files: ${lacks.join(' ')}` })
}

/** `app.json` must be right; any other file that is not costs what it is about. */
function readConfig(text: string, path: string, problems: Problem[]): Record<string, unknown> {
  try {
    return parseJson(text, path)
  } catch (error) {
    if (path === 'app.json') throw error
    problems.push({ level: 'error', file: path, message: (error as Error).message.split('\n')[0] as string })
    return {}
  }
}

/**
 * A build may be going on: a file or folder that is gone by now counts as never listed, and the change brings
 * the next reading.
 */
function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}

async function listFiles(folder: string): Promise<string[]> {
  const list = async (below: string): Promise<string[]> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(unlessGone)
    const paths = (entries ?? []).map(async (entry) => {
      const path = below + entry.name
      if (entry.isFile()) return [path]
      return entry.isDirectory() && !skippedFolders.has(entry.name) ? list(`${path}/`) : []
    })
    return (await Promise.all(paths)).flat()
  }
  return (await list('')).sort()
}

/** @returns Nothing where the file is gone, or cannot be read, which is then told. */
async function readText(folder: string, path: string, problems: Problem[]): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, path), 'utf8').catch(unlessGone))?.replace(/^\uFEFF/, '')
  } catch (error) {
    problems.push({ level: 'error', file: path, message: (error as Error).message })
    return undefined
  }
}

function parseJson(text: string, path: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch (cause) {
    throw new PhoneProjectError('bad-json', { file: path, detail: (cause as Error).message })
  }
}

async function readToolSettings(
  folder: string,
  problems: Problem[],
): Promise<Record<string, unknown> | undefined> {
  const file = `${toolSettings}.json`
  const text = await readText(folder, file, problems)
  return text === undefined ? undefined : readConfig(text, file, problems)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
