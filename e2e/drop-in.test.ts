import { createServer, type Server, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHaoma, createLogger, type Haoma, nodeHandler } from '@haoma/server'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureNodeClients } from '../scripts/lib/node-clients.mjs'

interface Client {
  getPhoneNumber(phoneCode: string): Promise<{ purePhoneNumber: string }>
}
type CreateClient = (options: { baseUrl: string; appid: string; appSecret: string }) => Client

const app = { appid: 'wx5f0a3c9e7b1d2468', appSecret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' }
const names = ['co-wechat-api', 'wechat-api', 'nest-wechat', 'node-easywechat', 'node-easywechat-stable']

let simulator: Simulator
let haoma: Haoma
let front: Server
let clients: Record<string, CreateClient>
let clientSecret: string

/** What a proxy in front of both does: the token paths go to the service, everything else to WeChat. */
function startFront(serviceUrl: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const isToken = /^\/cgi-bin\/(stable_)?token\b/.test(incoming.url ?? '')
    const target = new URL(incoming.url ?? '/', isToken ? serviceUrl : simulator.url)
    const { method, headers } = incoming
    const passed = send(target, { method, headers: { ...headers, host: target.host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

let service: Server
beforeAll(async () => {
  await ensureNodeClients()
  clients = (await import('../examples/node-clients/src/index.js')).clients as never
  simulator = await createSimulator()
  haoma = await createHaoma({
    apps: [app],
    wechatHosts: [simulator.url],
    databaseUrl: ':memory:',
    masterKey: Buffer.alloc(32, 1),
    logger: createLogger('silent'),
  })
  clientSecret = (await haoma.clients.create({ name: 'sdk', scopes: ['token'] })).clientSecret
  service = createServer(nodeHandler(haoma))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  front = await startFront(urlOf(service))
})
afterAll(async () => {
  for (const server of [front, service]) {
    server.close()
    server.closeAllConnections()
  }
  await haoma.close()
  await simulator.close()
})

const phoneCode = () => {
  const { code } = simulator.device.phone({
    appid: app.appid,
    user: '李雷',
    component: 'quick',
    answer: 'allow',
  })
  if (code === undefined) throw new Error('the phone gave no code')
  return code
}

describe.each(names)('%s on the drop-in token paths', (name) => {
  it('fails no call while the token is replaced with the overlap of WeChat', async () => {
    const client = clients[name]?.({ baseUrl: urlOf(front), appid: app.appid, appSecret: clientSecret })
    const failures: unknown[] = []
    for (let call = 0; call < 60; call += 1) {
      if (call % 10 === 5) simulator.control.replaceToken(app.appid, { kind: 'stable', strict: false })
      const answer = await client?.getPhoneNumber(phoneCode()).catch((error) => failures.push(error))
      expect(answer).toMatchObject({ purePhoneNumber: '13580006666' })
    }
    expect(failures).toEqual([])
  })
})
