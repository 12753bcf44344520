import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { glossary } from './glossary.mjs'

/** Where words for people stand: folders, and which of their files. Add a table here when one is made. */
const tables: ReadonlyArray<readonly [folder: string, name: RegExp]> = [
  ['packages/simulator/browser/sheet', /^(texts|wire)\.ts$/],
  ['packages/simulator/browser/control/texts', /\.ts$/],
  ['packages/simulator/browser/device', /\.ts$/],
  ['packages/simulator/src/model', /^phone-.*\.ts$/],
  ['packages/simulator/src/model/switch-table', /\.ts$/],
  ['packages/simulator/src/http', /\.ts$/],
  ['packages/simulator/src/control', /\.ts$/],
  ['packages/simulator/src/device', /\.ts$/],
  ['packages/cli/src', /^(?!.*\.test\.ts$).*\.ts$/],
  ['packages/protocol/src/errors', /^(?!.*\.test\.ts$).*\.ts$/],
  ['packages/wechat/src/errors', /^(?!.*\.test\.ts$).*\.ts$/],
  ['packages/server/src/config', /^(?!.*\.test\.ts$).*\.ts$/],
  ['docs', /^simulator.*\.md$|\.zh-CN\.md$/],
  ['docs/back-ends', /\.zh-CN\.md$/],
  ['docs/operations', /\.zh-CN\.md$/],
  ['packages/cli', /^README\.zh-CN\.md$/],
  ['packages/server', /^README\.zh-CN\.md$/],
  ['packages/uni', /^README\.zh-CN\.md$/],
  ['packages/wechat', /^README\.zh-CN\.md$/],
]

const root = `${import.meta.dirname}/../`
const filesOf = ([folder, name]: (typeof tables)[number]) =>
  readdirSync(root + folder)
    .filter((file) => name.test(file))
    .map((file) => `${folder}/${file}`)
const files = tables.flatMap(filesOf)

it('looks into every table that is named', () => {
  for (const table of tables) expect(filesOf(table), table[0]).not.toEqual([])
})

it('is the list in CONTRIBUTING.md', () => {
  const page = readFileSync(`${root}CONTRIBUTING.md`, 'utf8')
  for (const { zh, en, means } of glossary) expect(page).toContain(`| ${zh} | ${en} | ${means} |`)
})

describe('one word for one thing', () => {
  it.each(glossary)('$zh · $en: $means', ({ instead }) => {
    const found = files.flatMap((file) =>
      readFileSync(root + file, 'utf8')
        .split('\n')
        .flatMap((line, index) => (instead.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
    )
    expect(found).toEqual([])
  })
})
