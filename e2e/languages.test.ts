import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startReceiver } from '../packages/server/test/support/receiver.ts'
import { findLanguages, type LanguageName } from '../scripts/services/languages.mjs'
import { type DroppingProxy, startDroppingProxy } from './support/dropping-proxy.ts'
import { fencesOf, pages } from './support/fences.ts'
import { runHaoma, runProgram } from './support/haoma-command.ts'
import { npxFolder, parsers, programs, suites } from './support/languages.ts'
import { type Product, startProduct } from './support/product.ts'

const appid = 'wx5f0a3c9e7b1d2468'
const user = '李雷'
const e164 = '+8613580006666'
const names = ['python', 'php', 'java', 'go', 'csharp'] as const satisfies LanguageName[]
const languages = findLanguages()
const missing = names.filter((name) => languages[name].path === undefined)
if (missing.length > 0)
  // Loud: a skipped language is easily taken for a passed one.
  process.stderr.write(`⚠ not on this machine, SKIPPED: ${missing.join(', ')} (npm run test:languages)\n`)

/** Mono implements no ECDSA: there C# asks the service, which other frameworks need not. */
const sessionCommand = (name: LanguageName) => (name === 'csharp' ? 'ask-session' : 'session')

let folder: string
let product: Product
let proxy: DroppingProxy
let env: Record<string, string>
let member: { id: string }
let accessToken: string
let message: { body: string; env: Record<string, string> }

const post = async (path: string, body: object) => {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  // biome-ignore lint/suspicious/noExplicitAny: read as a program in JavaScript does
  return (await answer.json()) as any
}
const device = (path: string, body: object) =>
  post(`${product.simulatorUrl}/_device/${path}`, { appid, user, ...body })
const tap = { component: 'quick', answer: 'allow', agreePrivacy: true }
const phoneCode = async (): Promise<string> => (await device('phone', tap)).code

/** A message as the service sends it. */
async function captureWebhook(): Promise<typeof message> {
  const receiver = await startReceiver()
  const made = await runHaoma(product.folder, 'webhook', 'create', receiver.url, '--json')
  const { endpointId, secret } = JSON.parse(made.stdout)
  await runHaoma(product.folder, 'webhook', 'test', endpointId)
  await receiver.close()
  const [received] = receiver.received
  if (!received) throw new Error(`no webhook came: ${made.stderr}`)
  const header = (name: string) => String(received.headers[name])
  return {
    body: received.body,
    env: {
      WEBHOOK_ID: header('webhook-id'),
      WEBHOOK_TIMESTAMP: header('webhook-timestamp'),
      WEBHOOK_SIGNATURE: header('webhook-signature'),
      WEBHOOK_SECRET: secret,
    },
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haoma-languages-'))
  product = await startProduct()
  proxy = await startDroppingProxy(product.serviceUrl, '/v1/exchange')
  const made = await runHaoma(
    product.folder,
    'client',
    'create',
    '商城',
    '--scopes',
    'exchange,introspect',
    '--json',
  )
  const { clientId, clientSecret } = JSON.parse(made.stdout)
  env = {
    HAOMA_URL: proxy.url,
    HAOMA_CLIENT_ID: clientId,
    HAOMA_CLIENT_SECRET: clientSecret,
    WECHAT_APPID: appid,
  }
  const loginCode = (await device('login', {})).code
  const login = await post(`${product.serviceUrl}/v1/login`, { appid, loginCode })
  member = login.member
  accessToken = login.session.accessToken
  message = await captureWebhook()
})
afterAll(async () => {
  await proxy?.close()
  await product?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(names.filter((name) => !missing.includes(name)))('a %s program', (name) => {
  let command: readonly string[]
  beforeAll(() => {
    const own = mkdtempSync(join(folder, `${name}-`))
    command = programs[name](own, languages[name])
  })
  const run = (args: string[], more: Parameters<typeof runProgram>[1] = {}) =>
    runProgram([...command, ...args], { ...more, env: { ...env, ...more.env } })
  const answered = (text: string) => ({ code: 0, stderr: '', stdout: expect.stringMatching(text) })

  it('gets the number although the first answer was lost, and gets it again for the same code', async () => {
    const code = await phoneCode()
    proxy.received.length = 0
    proxy.drop(1)
    expect(await run(['exchange', code])).toEqual({ code: 0, stdout: `${e164}\n`, stderr: '' })
    expect(proxy.received.map((body) => JSON.parse(body))).toEqual(Array(2).fill({ appid, phoneCode: code }))
    expect(await run(['exchange', code])).toEqual({ code: 0, stdout: `${e164}\n`, stderr: '' })
  })

  it('asks once when the code is refused, and says why', async () => {
    proxy.received.length = 0
    const { code, stdout, stderr } = await run(['exchange', '0'.repeat(64)])
    expect({ code: code !== 0, isTold: /再点一次|tap/.test(stdout + stderr) }, stdout + stderr).toEqual({
      code: true,
      isTold: true,
    })
    expect(proxy.received).toHaveLength(1)
  })

  it('knows the member of a session, and refuses one that was tampered with', async () => {
    const { stdout, stderr } = await run([sessionCommand(name), accessToken])
    expect(stdout, stderr).toBe(`${member.id}\n`)
    const [head = '', claims = '', signature = ''] = accessToken.split('.')
    const forged = JSON.parse(Buffer.from(claims, 'base64url').toString())
    const other = Buffer.from(JSON.stringify({ ...forged, sub: 'm-of-another' })).toString('base64url')
    const spoilt = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    for (const token of [`${head}.${other}.${signature}`, `${head}.${claims}.${spoilt}`, 'x.y.z']) {
      expect((await run([sessionCommand(name), token])).code, token).not.toBe(0)
    }
  })

  it('knows a webhook of the service, and refuses one that was tampered with', async () => {
    const { body } = message
    expect(await run(['webhook'], { env: message.env, stdin: body })).toEqual(answered('^webhook.test\n$'))
    const tampered = body.replace('webhook.test', 'member.erased')
    expect((await run(['webhook'], { env: message.env, stdin: tampered })).code).not.toBe(0)
    const late = { ...message.env, WEBHOOK_TIMESTAMP: String(Number(message.env.WEBHOOK_TIMESTAMP) - 400) }
    expect((await run(['webhook'], { env: late, stdin: body })).code).not.toBe(0)
  })
})

const fences = pages()
  .flatMap(fencesOf)
  .flatMap((fence) => names.flatMap((name) => (fence.language === name ? [{ ...fence, name }] : [])))
  .filter(({ name }) => !missing.includes(name))
const labelled = <T extends { page: string; line: number }>(all: T[]) =>
  all.map((fence) => [`${fence.page}:${fence.line}`, fence] as const)

describe('a test suite of the pages', () => {
  const all = fences.filter(
    ({ page, parsedOnly, name }) =>
      page.startsWith('docs/simulator-test-suites') && !parsedOnly && languages[name].tests !== undefined,
  )
  // What a page and its translation both hold is run once.
  const whole = all.filter(({ text }, at) => all.findIndex((other) => other.text === text) === at)
  it.each(labelled(whole))('%s passes', async (_label, { name, text }) => {
    const own = mkdtempSync(join(folder, 'suite-'))
    const command = suites[name](own, text, languages[name])
    const path = `${npxFolder(own)}${delimiter}${process.env.PATH}`
    const { code, stdout, stderr } = await runProgram(command, { cwd: own, env: { PATH: path } })
    expect(code, stdout + stderr).toBe(0)
  })
})

describe('a piece of the pages that calls the library of somebody else', () => {
  it.each(labelled(fences.filter(({ parsedOnly }) => parsedOnly)))('%s parses', (_label, { name, text }) => {
    expect(parsers[name](mkdtempSync(join(folder, 'fence-')), text, languages[name])).toBe('')
  })
})
