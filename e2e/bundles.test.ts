import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import webpack from 'webpack'
import { appid, appSecret, openStandIn, phoneCode, type StandIn } from '../packages/wechat/test/stand-in.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
let folder: string
let standIn: StandIn

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haoma-bundles-'))
  standIn = await openStandIn()
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await standIn.close()
})

/** A back end with the published package, which prints the number that a phone code gave. */
const program = () => `
  import { createWeChat } from '@haoma/wechat'
  const wechat = createWeChat({ apps: [{ appid: '${appid}', appSecret: '${appSecret}' }], hosts: ['${standIn.url}'] })
  wechat.app('${appid}').getPhoneNumber({ phoneCode: '${phoneCode}' })
    .then(({ e164 }) => console.log(e164))
    .then(() => wechat.close())`

/** Runs a bundle where nothing is installed. */
function run(file: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, file)], { cwd: folder })
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text))
    child.once('exit', () => resolve(printed.trim()))
  })
}

const forms = ['esm', 'cjs'] as const
const fileOf = (tool: string, form: string) => `${tool}.${form === 'esm' ? 'mjs' : 'cjs'}`

describe('the package in one file', () => {
  it.each(forms)('works when esbuild made it (%s)', async (format) => {
    const outfile = join(folder, fileOf('esbuild', format))
    const stdin = { contents: program(), resolveDir: here }
    await build({
      stdin,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format,
      outfile,
      logLevel: 'error',
    })
    expect(await run(fileOf('esbuild', format))).toBe('+8613580006666')
  })

  it('works on undici in an ES module, under the first line that the README gives', async () => {
    const readme = await readFile(join(here, '../packages/wechat/README.md'), 'utf8')
    const js = /^`(import \{ createRequire.+)` \(esbuild/m.exec(readme)?.[1] ?? ''
    const contents = `import { undiciTransport } from '@haoma/wechat/undici'
      console.log(typeof undiciTransport().request)`
    const stdin = { contents, resolveDir: here }
    const outfile = join(folder, 'banner.mjs')
    await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile, banner: { js } })
    expect(await run('banner.mjs')).toBe('function')
  })

  it.each(forms)('works when webpack made it (%s)', async (format) => {
    const entry = join(here, `bundles-entry-${process.pid}-${format}.mjs`)
    writeFileSync(entry, program())
    try {
      await pack({
        entry,
        mode: 'production',
        // Only takes time: what is tested is what a bundle finds when it runs.
        optimization: { minimize: false },
        target: 'node20',
        experiments: { outputModule: format === 'esm' },
        output: {
          path: folder,
          filename: fileOf('webpack', format),
          library: { type: format === 'esm' ? 'module' : 'commonjs2' },
        },
      })
    } finally {
      rmSync(entry)
    }
    expect(await run(fileOf('webpack', format))).toBe('+8613580006666')
  })
})

function pack(options: webpack.Configuration): Promise<void> {
  return new Promise((resolve, reject) => {
    webpack(options, (error, stats) => {
      if (error === null && stats?.hasErrors() === false) resolve()
      else reject(error ?? new Error(stats?.toString('errors-only')))
    })
  })
}

describe('the types of the package', () => {
  const source = `
    import { createWeChat, type AnyWxError, type FetchTransportOptions, type WeChatOptions } from '@haoma/wechat'
    import { decryptPhoneNumber, type EncryptedData } from '@haoma/wechat/encrypted-data'
    import { createFileTokenStore } from '@haoma/wechat/stores/file'
    import { createPostgresTokenStore } from '@haoma/wechat/stores/postgres'
    import { createRedisTokenStore } from '@haoma/wechat/stores/redis'
    import { testTokenStore } from '@haoma/wechat/conformance'
    import { undiciTransport } from '@haoma/wechat/undici'
    export const wechat = createWeChat({ transport: undiciTransport(), timeoutMs: undefined })
    export const all = [decryptPhoneNumber, createFileTokenStore, createPostgresTokenStore, createRedisTokenStore, testTokenStore]
    export type Options = [WeChatOptions, FetchTransportOptions, EncryptedData, AnyWxError]
  `
  it.each([
    ['node (NestJS 10 and older)', { module: ts.ModuleKind.CommonJS, moduleResolution: 2 }],
    ['nodenext', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
    ['bundler', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
  ])('are found by moduleResolution %s', (_, resolution) => {
    const file = join(here, `types-entry-${process.pid}.mts`)
    const host = ts.createCompilerHost({})
    const read = host.getSourceFile.bind(host)
    host.getSourceFile = (name, target) =>
      name === file ? ts.createSourceFile(name, source, target, true) : read(name, target)
    const known = host.fileExists.bind(host)
    host.fileExists = (name) => name === file || known(name)
    const options: ts.CompilerOptions = {
      ...resolution,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      ignoreDeprecations: '6.0',
    }
    const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host))
    expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  })
})
