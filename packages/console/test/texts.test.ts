import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'

const src = join(import.meta.dirname, '../src')
const folders = ['texts', ...readdirSync(join(src, 'pages')).map((name) => `pages/${name}/texts`)]

interface Tree {
  [name: string]: string | Tree
}
const flat = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [[path + name, value] as [string, string]] : flat(value, `${path}${name}.`),
  )
const read = async (folder: string, language: string) =>
  new Map(flat(((await import(join(src, folder, `${language}.ts`))) as { texts: Tree }).texts))
const tables = await Promise.all(
  folders.map(async (folder) => ({ folder, zh: await read(folder, 'zh'), en: await read(folder, 'en') })),
)
const all = new Set(tables.flatMap(({ zh }) => [...zh.keys()]))
const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(vue|ts)$/.test(name) && !name.includes('texts'))
  .map((name) => [name, readFileSync(join(src, name), 'utf8')] as const)

describe.each(tables)('the words of $folder', ({ zh, en }) => {
  it('are the same in both languages, with the same blanks', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort())
    for (const [name, text] of zh) expect(blanks(en.get(name) ?? ''), name).toEqual(blanks(text))
  })

  it('are Chinese in Chinese and none of it in English', () => {
    for (const [name, text] of en) expect(text, name).not.toMatch(/\p{Script=Han}/u)
  })

  it('are read by vue-i18n as they stand', () => {
    for (const [language, table] of [
      ['zh', zh],
      ['en', en],
    ] as const) {
      const { global } = createI18n({ legacy: false, locale: language, messages: { [language]: {} } })
      for (const [name, text] of table) {
        global.setLocaleMessage(language, { word: text })
        const filled = Object.fromEntries(blanks(text).map((blank) => [blank as string, 'x']))
        expect(global.t('word', filled), name).toBe(text.replace(/\{\w+\}/g, 'x'))
      }
    }
  })
})

it('has a text for every word that a page names', () => {
  for (const [file, source] of sources) {
    for (const [, name = ''] of source.matchAll(/\b(?:t|te|keypath=)\(?['"]([a-zA-Z-]+(?:\.[\w-]+)*)['"]/g)) {
      expect(all.has(name), `${file}: ${name}`).toBe(true)
    }
  }
})

it('has no text that nobody uses', () => {
  const joined = sources.map(([, source]) => source).join('\n')
  const named = new Set(
    [...joined.matchAll(/\bt\('(\w+)'\)|['"`]([a-zA-Z-]+(?:\.[\w-]+)+)['"`]/g)].map(
      ([, word, name]) => word ?? name,
    ),
  )
  // `t(`cost.causes.${cause}`)` uses every text that begins like that.
  const begun = [...joined.matchAll(/`([a-zA-Z-]+(?:\.[\w-]+)*\.)\$\{/g)].map(([, start = '']) => start)
  const unused = [...all].filter((name) => !named.has(name) && !begun.some((start) => name.startsWith(start)))
  expect(unused).toEqual([])
})
