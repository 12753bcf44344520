import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { apiCodes, type LocalErrorCode, localCode, localCodes } from '../src/errors/codes.ts'
import { type EndpointFamily, explainErrcode, knownErrcodes } from '../src/errors/errcodes.ts'

const page = fileURLToPath(new URL('../../../docs/errors.md', import.meta.url))
const families: EndpointFamily[] = ['other', 'token', 'phone', 'session']
const tick = (flag: boolean | undefined) => (flag ? 'yes' : '')

/** The tables of the page, as the source has them. */
function rows(): string[] {
  const local = Object.keys(localCodes).map((code) => {
    const entry = localCode(code as LocalErrorCode)
    const client = [entry.mustTapAgain && 'tap again', entry.mustLoginAgain && 'wx.login again']
    return `| \`${code}\` | ${entry.kind} | ${tick(entry.retryable)} | ${client.filter(Boolean).join(', ')} | ${entry.en}<br>${entry.zh} |`
  })
  const errcodes = knownErrcodes.flatMap((errcode) => {
    const general = explainErrcode(errcode)
    const special = families.slice(1).filter((family) => explainErrcode(errcode, family).en !== general.en)
    return (['other', ...special] as EndpointFamily[]).map((family) => {
      const entry = explainErrcode(errcode, family)
      const client = [entry.mustTapAgain && 'tap again', entry.mustLoginAgain && 'wx.login again']
      const where = family === 'other' ? '' : ` (${family})`
      return `| ${errcode}${where} | \`${apiCodes[entry.kind]}\` | ${entry.retry} | ${client.filter(Boolean).join(', ')} | ${entry.en}<br>${entry.zh} |`
    })
  })
  return [...local, ...errcodes]
}

/** The formatter pads tables. */
const cells = (line: string) => line.split('|').map((cell) => cell.trim())

it('docs/errors.md lists every code and errcode with the texts of the source, and nothing else', async () => {
  const text = await readFile(page, 'utf8')
  const written = text.split('\n').filter((line) => /^\| (`ERR_WX|-?\d)/.test(line))
  expect(written.map(cells)).toEqual(rows().map(cells))
})
