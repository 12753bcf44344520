import { createRequire } from 'node:module'
import { Script } from 'node:vm'
import type { TmplGroup } from 'glass-easel-template-compiler'
import { resolvePath } from '../paths.ts'
import type { Problem, Project } from '../project.ts'
import { compileScript } from './wxs.ts'

// The compiler is a CommonJS module with its WASM beside it. It is loaded at the first use, so that a
// simulator without a phone page does not pay its 20 ms.
const require = createRequire(import.meta.url)

/** The templates as one JavaScript expression, with what is wrong in them. */
export interface CompiledTemplates {
  code: string
  problems: Problem[]
}

/** The page defines `$wxs`; see its `frame/wxs/runtime.ts`. */
const hooks = 'Q.A=$wxs.observer;Q.C=$wxs.listener;'

/** `<slot>…</slot>`: WeChat draws nothing of what stands in a slot that nobody fills, and compiles the file. */
const childrenNotAllowed = 65557

/**
 * Compiles the WXML of the given components, and what it imports, in one group. A file with an error costs that
 * file only: it is drawn as a box with its name.
 *
 * @param reached - Paths of the pages and components that can be shown.
 * @see https://github.com/wechat-miniprogram/glass-easel
 */
export function compileTemplates(
  { templates, templateScripts }: Pick<Project, 'templates' | 'templateScripts'>,
  reached: Iterable<string>,
): CompiledTemplates {
  const compiler = require('glass-easel-template-compiler') as typeof import('glass-easel-template-compiler')
  const group = new compiler.TmplGroup()
  group.setExtraRuntimeScript(hooks)
  const problems: Problem[] = []
  const added = new Set<string>()

  const addScript = (path: string) => {
    if (added.has(`${path}.wxs`)) return
    added.add(`${path}.wxs`)
    const source = templateScripts[path]
    const compiled =
      source === undefined
        ? { error: { line: 1, message: 'there is no such file' } }
        : compileScript(`${path}.wxs`, source)
    if ('error' in compiled) {
      problems.push({ level: 'error', file: `${path}.wxs`, ...compiled.error })
      group.addScript(path, '')
      return
    }
    group.addScript(path, compiled.code)
    for (const target of compiled.requires) addScript(scriptPath(target, path))
  }
  const addInlineScripts = (path: string) => {
    for (const name of group.getInlineScriptModuleNames(path) as string[]) {
      const compiled = compileScript(`${path}.wxml#${name}`, group.getInlineScript(path, name))
      if ('error' in compiled) {
        const { line, message } = compiled.error
        problems.push({
          level: 'error',
          file: `${path}.wxml`,
          line,
          message: `<wxs module="${name}">: ${message}`,
        })
      }
      group.setInlineScript(path, name, 'error' in compiled ? '' : compiled.code)
      if ('requires' in compiled) for (const target of compiled.requires) addScript(scriptPath(target, path))
    }
  }
  const addTemplate = (path: string) => {
    const text = templates[path]
    if (text === undefined || added.has(path)) return
    added.add(path)
    const remarks = group.addTmpl(path, text) as Remark[]
    const found = remarks.map((remark) => describe(path, remark))
    problems.push(...found)
    if (found.some(({ level }) => level === 'error')) {
      group.addTmpl(path, brokenBox(path))
      return
    }
    addInlineScripts(path)
    if (!isScript(group, path)) {
      problems.push({ level: 'error', file: `${path}.wxml`, message: 'an expression in it does not compile' })
      group.addTmpl(path, brokenBox(path))
      return
    }
    for (const used of group.getScriptDependencies(path) as string[]) addScript(used)
    for (const used of group.getDirectDependencies(path) as string[]) addTemplate(used)
  }

  try {
    for (const path of reached) addTemplate(path)
    return { code: group.getTmplGenObjectGroups(), problems }
  } finally {
    group.free()
  }
}

interface Remark {
  isError: boolean
  code: number
  message: string
  startLine: number
}

function describe(path: string, { isError, code, message, startLine }: Remark): Problem {
  const level = isError && code !== childrenNotAllowed ? 'error' : 'warn'
  return { level, file: `${path}.wxml`, line: startLine + 1, message }
}

/** The compiler copies what it does not understand into the code: a last look before it meets the others. */
function isScript(group: TmplGroup, path: string): boolean {
  try {
    new Script(`(${group.getTmplGenObject(path)})`)
    return true
  } catch {
    return false
  }
}

function brokenBox(path: string): string {
  return `<view class="haoma-broken" style="padding:8px;border:1px dashed #fa5151;color:#fa5151;font-size:12px">${path}.wxml</view>`
}

function scriptPath(target: string, base: string): string {
  return resolvePath(target, base).replace(/\.wxs$/, '')
}
