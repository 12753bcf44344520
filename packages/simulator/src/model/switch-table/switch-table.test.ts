import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { switchTable } from './index.ts'

const docs = new URL('../../../../../docs/', import.meta.url)

/** The rows of the table under a heading. */
async function rowsOf(file: string, heading: string): Promise<string[]> {
  const text = await readFile(new URL(file, docs), 'utf8')
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section.split('\n').filter((line) => line.startsWith('| `'))
}

/** A pipe inside a cell would begin another one. */
const cell = (text: string) => text.replaceAll('|', '\\|')

const valuesOf = (entry: { default: string; values: readonly string[] }) =>
  entry.values.map((value) => (value === entry.default ? `**\`${value}\`**` : `\`${value}\``)).join(', ')

it('is written out in docs/simulator.md', async () => {
  expect(await rowsOf('simulator.md', 'Switches')).toEqual(
    Object.entries(switchTable).map(
      ([key, entry]) =>
        `| \`${key}\` | ${valuesOf(entry)} | ${cell(entry.text.en)} | ${cell(entry.source.en)} |`,
    ),
  )
})

it('is written out in docs/simulator.zh-CN.md', async () => {
  expect(await rowsOf('simulator.zh-CN.md', '开关')).toEqual(
    Object.entries(switchTable).map(
      ([key, entry]) =>
        `| \`${key}\` | ${valuesOf(entry)} | ${cell(entry.text.zh)} | ${cell(entry.source.zh)} |`,
    ),
  )
})

it('has a default among the values of each switch', () => {
  for (const entry of Object.values(switchTable)) expect(entry.values).toContain(entry.default)
})
