import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build as bundle } from 'esbuild'
import { beforeAll, expect, it } from 'vitest'
import { build } from '../scripts/lib/build.mjs'
import { dist } from './support/mini-program.ts'

/** What a mini program may grow by, in bytes of `gzip -9`. It may only fall. */
const limit = 15_700

/** What a mini program imports when it uses the button, the SMS form, the session and the member. */
const imported = [
  'buttonOf',
  'createBareLogin',
  'createPhoneLogin',
  'createSmsForm',
  'phoneLoginKey',
  'pressButton',
  'smsTexts',
  'useMember',
  'usePhoneLogin',
  'useSession',
]

beforeAll(() => build(['example-mp-weixin']))

/** The JavaScript of ours that stands in the common file, made smaller as uni-app does. */
async function library(): Promise<string> {
  const { outputFiles } = await bundle({
    stdin: { contents: `export { ${imported} } from '@haoma/uni'`, resolveDir: import.meta.dirname },
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.UNI_PLATFORM': '"mp-weixin"' },
    external: ['vue'],
    bundle: true,
    format: 'esm',
    minify: true,
    charset: 'utf8',
    target: 'es2020',
    write: false,
  })
  return outputFiles.map(({ text }) => text).join('')
}

/** The compiled components: their JavaScript, WXML, WXSS and JSON. */
function components(): string {
  const folder = join(dist, 'node-modules/@haoma/uni')
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))
  return files
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
    .join('')
}

it('costs a mini program no more than it did', async () => {
  const [js, rest] = [await library(), components()]
  expect(rest).toContain('getrealtimephonenumber')
  expect(rest).toContain('oneTimeCode')
  const size = gzipSync(js + rest, { level: 9 }).length
  process.stdout.write(`@haoma/uni in a mini program: ${size} bytes of gzip -9\n`)
  expect(size, 'bytes of gzip -9').toBeLessThanOrEqual(limit)
})
