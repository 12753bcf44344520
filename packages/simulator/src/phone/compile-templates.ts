import { createRequire } from 'node:module'
import { PhoneProjectError } from './errors.ts'
import type { Project } from './project.ts'

// The compiler is a CommonJS module with its WASM beside it. It is loaded at the first use, so that a
// simulator without a phone page does not pay its 20 ms.
const require = createRequire(import.meta.url)

/** Something in a template that WeChat's compiler warns about. */
export interface TemplateWarning {
  file: string
  line: number
  message: string
}

/** All templates of a mini program as one JavaScript expression, with what the compiler remarked. */
export interface CompiledTemplates {
  code: string
  warnings: TemplateWarning[]
}

/**
 * Compiles every WXML and WXS file in one group, so that `<import>`, `<include>` and `<wxs src>` resolve.
 *
 * @throws PhoneProjectError - A template has an error (`bad-template`), with its file and line.
 * @see https://github.com/wechat-miniprogram/glass-easel
 */
export function compileTemplates(project: Pick<Project, 'templates' | 'templateScripts'>): CompiledTemplates {
  const { TmplGroup } =
    require('glass-easel-template-compiler') as typeof import('glass-easel-template-compiler')
  const group = new TmplGroup()
  try {
    for (const [path, text] of Object.entries(project.templateScripts)) group.addScript(path, text)
    const warnings: TemplateWarning[] = []
    for (const [path, text] of Object.entries(project.templates)) {
      for (const remark of group.addTmpl(path, text) as Remark[]) {
        const place = { file: `${path}.wxml`, line: remark.startLine + 1, message: remark.message }
        if (remark.isError) {
          throw new PhoneProjectError('bad-template', {
            file: `${place.file}:${place.line}`,
            detail: remark.message,
          })
        }
        warnings.push(place)
      }
    }
    return { code: group.getTmplGenObjectGroups(), warnings }
  } finally {
    group.free()
  }
}

interface Remark {
  isError: boolean
  message: string
  startLine: number
}
