import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { apiCodes, type LocalErrorCode, localCode, localCodes } from '../src/errors/codes.ts'
import { type EndpointFamily, explainErrcode, knownErrcodes } from '../src/errors/errcodes.ts'

/** The page of each language, and what stands in its columns beside codes and names. */
const pages = {
  en: { file: 'errors.md', yes: 'yes', tapAgain: 'tap again', loginAgain: 'wx.login again' },
  zh: { file: 'errors.zh-CN.md', yes: '是', tapAgain: '再点一次按钮', loginAgain: '重新 wx.login' },
}
const families: EndpointFamily[] = ['other', 'token', 'phone', 'session']

/** The tables of a page, as the source has them. */
function rows(language: keyof typeof pages): string[] {
  const words = pages[language]
  const client = (entry: { mustTapAgain?: boolean; mustLoginAgain?: boolean }) =>
    [entry.mustTapAgain && words.tapAgain, entry.mustLoginAgain && words.loginAgain]
      .filter(Boolean)
      .join(', ')
  const local = Object.keys(localCodes).map((code) => {
    const entry = localCode(code as LocalErrorCode)
    const retryable = entry.retryable ? words.yes : ''
    return row([`\`${code}\``, entry.kind, retryable, client(entry), entry[language]])
  })
  const errcodes = knownErrcodes.flatMap((errcode) => {
    const general = explainErrcode(errcode)
    const special = families.slice(1).filter((family) => explainErrcode(errcode, family).en !== general.en)
    return (['other', ...special] as EndpointFamily[]).map((family) => {
      const entry = explainErrcode(errcode, family)
      const where = family === 'other' ? '' : ` (${family})`
      return row([
        `${errcode}${where}`,
        `\`${apiCodes[entry.kind]}\``,
        entry.retry,
        client(entry),
        entry[language],
      ])
    })
  })
  return [...local, ...errcodes]
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`.replaceAll(/ +/g, ' ')

describe.each(['en', 'zh'] as const)('%s', (language) => {
  it('lists every code and errcode with the texts of the source, and nothing else', async () => {
    const page = fileURLToPath(new URL(`../../../docs/${pages[language].file}`, import.meta.url))
    const text = await readFile(page, 'utf8')
    const written = text.split('\n').filter((line) => /^\| (`ERR_WX|-?\d)/.test(line))
    expect(written).toEqual(rows(language))
  })
})
