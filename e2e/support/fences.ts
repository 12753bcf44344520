import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A fenced block of a page. */
export interface Fence {
  page: string
  line: number
  language: string
  text: string
  /** Why it cannot be run, from a comment `<!-- not run: … -->` right above it. */
  notRun: string | undefined
  /** Why it is only read, from `<!-- parsed only: … -->`: its syntax, and that what it names is there, are checked. */
  parsedOnly: string | undefined
}

/** The pages for people: the README files and everything in docs/. */
export function pages(): string[] {
  const inFolder = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name))
  const readmes = readdirSync(join(root, 'packages')).flatMap((name) =>
    readdirSync(join(root, 'packages', name))
      .filter((file) => /^README.*\.md$/.test(file))
      .map((file) => join('packages', name, file)),
  )
  return ['README.md', 'README.zh-CN.md', ...inFolder('docs'), ...readmes].sort()
}

/** Every fence of a page that names a language; the others are pictures of output. */
export function fencesOf(page: string): Fence[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n')
  const fences: Fence[] = []
  let open: { start: number; language: string; indent: string } | undefined
  for (const [index, line] of lines.entries()) {
    const [, indent = '', language = ''] = /^(\s*)```(\w*)/.exec(line) ?? []
    if (!line.trimStart().startsWith('```')) continue
    if (!open) {
      open = { start: index, language, indent }
    } else {
      const { start, indent: by } = open
      const text = lines.slice(start + 1, index).map((each) => each.slice(by.length))
      const above = lines.slice(0, start).findLast((each) => each.trim() !== '') ?? ''
      const notRun = /<!-- not run: (.+?) -->/.exec(above)?.[1]
      const parsedOnly = /<!-- parsed only: (.+?) -->/.exec(above)?.[1]
      const { language } = open
      if (language)
        fences.push({ page, line: start + 1, language, text: text.join('\n'), notRun, parsedOnly })
      open = undefined
    }
  }
  return fences
}
