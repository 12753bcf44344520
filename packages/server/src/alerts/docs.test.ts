import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { kindNames, kinds } from './kinds.ts'

/** The rules as the page shows them. */
function tableOf(language: 'zh' | 'en'): string {
  const rows = kindNames.map((name) => {
    const { text, unit, threshold, windowS, minEntries } = kinds[name]
    const least = { zh: `至少 ${minEntries} 条`, en: `${minEntries} at least` }[language]
    const parts = [
      amountOf(threshold, unit[language]),
      windowS > 0 && timeOf(windowS, language),
      minEntries > 0 && least,
    ]
    return `| \`${name}\` | ${text[language]} | ${parts.filter(Boolean).join(' · ')} |`
  })
  return rows.join('\n')
}

const amountOf = (threshold: number, unit: string) => {
  if (threshold === 1 && unit === 'times') return 'once'
  return unit === '%' ? `${threshold}%` : `${threshold} ${unit}`
}

function timeOf(seconds: number, language: 'zh' | 'en'): string {
  const [amount, unit] =
    seconds % 86_400 === 0
      ? [seconds / 86_400, { zh: '天', en: 'd' }]
      : seconds % 3600 === 0
        ? [seconds / 3600, { zh: '小时', en: 'h' }]
        : [seconds / 60, { zh: '分钟', en: 'min' }]
  return language === 'zh' ? `最近 ${amount} ${unit.zh}` : `last ${amount} ${unit.en}`
}

describe.each([
  ['docs/alerts.md', 'en'],
  ['docs/alerts.zh-CN.md', 'zh'],
] as const)('%s', (path, language) => {
  it('shows every kind of rule with its defaults', async () => {
    const page = await readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8')
    expect(page).toContain(`\n| --- | --- | --- |\n${tableOf(language)}\n\n`)
  })
})
