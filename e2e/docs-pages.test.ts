import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { configVariables } from '@haoma/server'
import { describe, expect, it } from 'vitest'
import { fencesOf, pages, root } from './support/fences.ts'

const all = pages()
const read = (page: string) => readFileSync(join(root, page), 'utf8')
const proseOf = (page: string) => read(page).replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '')
const chineseOf = (page: string) => page.replace(/\.md$/, '.zh-CN.md')
const isChinese = (page: string) => page.endsWith('.zh-CN.md')

describe('a page in two languages', () => {
  /** Pages for those who work on Haoma itself, or with both languages side by side. May only become fewer. */
  const alone = [
    /^docs\/decisions\//,
    /^docs\/(benchmarks|exchange-states|phone-page)\.md$/,
    /^packages\/(console|protocol|simulator)\/README\.md$/,
  ]
  /** Pages whose translation is behind. May only become fewer. */
  const behind = ['docs/simulator.md']
  const english = all.filter((page) => !isChinese(page))
  const pairs = english
    .filter((page) => existsSync(join(root, chineseOf(page))) && !behind.includes(page))
    .map((page) => [page, chineseOf(page)] as const)

  it('is every page that somebody who uses Haoma needs', () => {
    const halves = english.filter((page) => !existsSync(join(root, chineseOf(page))))
    expect(halves.filter((page) => !alone.some((pattern) => pattern.test(page)))).toEqual([])
    for (const pattern of alone)
      expect(
        halves.some((page) => pattern.test(page)),
        `${pattern}`,
      ).toBe(true)
  })

  const headings = (page: string) =>
    proseOf(page)
      .split('\n')
      .flatMap((line) => /^#+(?= )/.exec(line) ?? [])
  /** What a machine reads of a fence: comments and sentences are for people, in their language. */
  const code = (page: string) =>
    fencesOf(page).map(({ language, text }) => {
      const bare = text
        .replaceAll(/\/\*[\s\S]*?\*\/|\s(#|\/\/|<!--).*$/gm, '')
        .replaceAll(/'[^'\n]*[\s\p{Script=Han}][^'\n]*'/gu, "'…'")
      return [language, ...bare.split('\n').map((line) => line.trim())].filter(Boolean).join('\n')
    })

  it.each(pairs)('%s and %s have the same headings', (one, other) => {
    expect(headings(other)).toEqual(headings(one))
  })

  it.each(pairs)('%s and %s have the same code', (one, other) => {
    expect(code(other)).toEqual(code(one))
  })

  it.each(pairs)('%s and %s begin with a link to each other', (one, other) => {
    const name = (page: string) => page.slice(page.lastIndexOf('/') + 1)
    expect(read(one).split('\n').slice(0, 5).join('\n')).toContain(`[中文](${name(other)})`)
    expect(read(other).split('\n').slice(0, 5).join('\n')).toContain(`[English](${name(one)})`)
  })
})

describe('links', () => {
  /** As GitHub makes the name of a heading. */
  const anchorOf = (heading: string) =>
    heading
      .replace(/\[(.*?)\]\(.*?\)/g, '$1')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
  const anchors = (page: string) =>
    proseOf(page)
      .split('\n')
      .flatMap((line) => /^#+ (.*)/.exec(line)?.[1] ?? [])
      .map(anchorOf)
  const linksOf = (page: string) =>
    [...proseOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]*))?\)/g)].map(
      ([, path = '', anchor]) => ({ target: path ? join(dirname(page), path) : page, anchor }),
    )

  it.each(all)('of %s lead somewhere', (page) => {
    const dead = linksOf(page).filter(({ target, anchor }) => {
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && target.endsWith('.md') && !anchors(target).includes(anchor)
    })
    expect(dead).toEqual([])
  })

  it.each(all.filter(isChinese))('of %s lead to pages in Chinese, where there are any', (page) => {
    const own = page.replace('.zh-CN.md', '.md')
    const others = linksOf(page).filter(({ target }) => target.endsWith('.md') && target !== own)
    const detours = others.filter(
      ({ target }) => !isChinese(target) && existsSync(join(root, chineseOf(target))),
    )
    expect(detours).toEqual([])
  })
})

it.each(['docs/login-service.md', 'docs/login-service.zh-CN.md'])(
  '%s has a line for every setting of the service',
  (page) => {
    const lines = [...read(page).matchAll(/^\| `(HAOMA_.+?)` \|/gm)].map(([, name]) => name)
    const missing = configVariables.filter((name) => !lines.includes(name))
    expect(missing.filter((name) => !name.startsWith('HAOMA_SMS_'))).toEqual([])
  },
)

it.each(['packages/server/README.md', 'packages/server/README.zh-CN.md'])(
  '%s has a line for every option of createHaoma',
  (page) => {
    const [, members = ''] =
      /interface HaomaOptions \{\n([\s\S]*?)\n\}/.exec(read('packages/server/src/options.ts')) ?? []
    const options = [...members.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name)
    const lines = [...read(page).matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    expect(options).toContain('databaseUrl')
    expect(options.filter((name) => !lines.includes(name))).toEqual([])
  },
)
