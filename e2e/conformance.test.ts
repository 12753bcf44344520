import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createHaoma, createLogger, type Haoma } from '@haoma/server'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from './support/fences.ts'

const app = { appid: 'wx5f0a3c9e7b1d2468', appSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' }
type Answer = (request: Request) => Promise<Response>

let simulator: Simulator
let haoma: Haoma
beforeAll(async () => {
  simulator = await createSimulator()
  haoma = await createHaoma({
    apps: [app],
    wechatHosts: [simulator.url],
    databaseUrl: ':memory:',
    masterKey: Buffer.alloc(32, 9),
    logger: createLogger('silent'),
  })
})
afterAll(async () => {
  await haoma?.close()
  await simulator?.close()
})

const ours: Answer = async (request) => haoma.fetch(request, { ip: '10.0.0.1' })

/** Serves answers over HTTP while the script runs against them. */
async function conformance(answer: Answer): Promise<{ code: number | null; output: string }> {
  const server: Server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const { method = 'GET', url = '/', headers } = incoming
    const request = new Request(`http://back-end.test${url}`, {
      method,
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    })
    const response = await answer(request)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const main = join(root, 'packages/uni/conformance/main.mjs')
  const child = spawn(process.execPath, [main, '--url', url, '--simulator', simulator.url])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return { code, output }
}

const failures = (output: string) => output.split('\n').filter((line) => line.startsWith('✗'))

it('finds nothing to say about our own service', async () => {
  const { code, output } = await conformance(ours)
  expect(failures(output)).toEqual([])
  expect(output).toContain('13 / 13')
  expect(code).toBe(0)
})

const onPath =
  (path: string, change: (response: Response, request: Request) => Promise<Response> | Response): Answer =>
  async (request) => {
    const copy = request.clone()
    const response = await ours(request)
    return new URL(request.url).pathname === path ? change(response, copy) : response
  }
const json = (body: unknown, status = 200) => Response.json(body, { status })
const seen = new Set<string>()

it.each<[string, Answer, RegExp]>([
  [
    'spends a code twice',
    onPath('/v1/login', async (response, request) => {
      const loginCode = /"loginCode":"(\w+)"/.exec(await request.text())?.[1] ?? ''
      const isSecond = seen.has(loginCode)
      seen.add(loginCode)
      return isSecond
        ? json({ code: 'PHONE_CODE_INVALID', action: 'tap-again', texts: { zh: '再点', en: 'tap' } }, 422)
        : response
    }),
    /its answer may have been lost/,
  ],
  [
    'tells the full number',
    onPath('/v1/login', async (response) => {
      const body = await response.json()
      if (body.member?.phone.bound) body.member.phone.masked = '13800138000'
      return json(body, response.status)
    }),
    /both codes sign in with the number, masked/,
  ],
  [
    'answers 200 with the failure inside',
    onPath('/v1/login', async (response) => (response.ok ? response : json({ code: 500, msg: '失败' }, 200))),
    /refuses asks for another tap/,
  ],
  [
    'asks for a paid tap when the login code is wrong',
    onPath('/v1/login', async (response) => {
      const body = await response.json()
      return json(body.action ? { ...body, action: 'tap-again' } : body, response.status)
    }),
    /not for another tap/,
  ],
  [
    'shows a page in place of an error',
    onPath('/v1/me', (response) => (response.ok ? response : new Response('<html>', { status: 401 }))),
    /no token and a wrong one/,
  ],
  [
    'renews for ever',
    onPath('/v1/session/refresh', async () =>
      json({ accessToken: 'a', refreshToken: 'b', expiresInS: 9, refreshExpiresInS: 9 }),
    ),
    /a session is renewed/,
  ],
])('names a back end that %s', async (_, answer, named) => {
  const { code, output } = await conformance(answer)
  expect(failures(output).join('\n')).toMatch(named)
  expect(code).toBe(1)
})

it('says that a back end is not there, and how it is called', async () => {
  const main = join(root, 'packages/uni/conformance/main.mjs')
  const child = spawn(process.execPath, [main])
  let output = ''
  child.stdout.on('data', (data) => (output += data))
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2)
  expect(output).toContain('--url')
})
