import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHaoma, createLogger, type Haoma } from '@haoma/server'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { getRequestListener } from '@hono/node-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createApp as createExpress } from './src/express.js'
import { createApp as createFastify } from './src/fastify.js'
import { createApp as createHono } from './src/hono.js'
import { createApp as createKoa } from './src/koa.js'
import { createApp as createNodeHttp } from './src/node-http.js'

type Listen = (haoma: Haoma) => Promise<Server> | Server
const adapters: Record<string, Listen> = {
  Express: (haoma) => createServer(createExpress(haoma)),
  Koa: (haoma) => createServer(createKoa(haoma).callback()),
  Fastify: async (haoma) => {
    const app = createFastify(haoma)
    await app.ready()
    return app.server
  },
  Hono: (haoma) => createServer(getRequestListener(createHono(haoma).fetch)),
  'node:http': createNodeHttp,
}

let simulator: Simulator
beforeAll(async () => {
  simulator = await createSimulator()
})
afterAll(() => simulator.close())

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function mount(listen: Listen): Promise<string> {
  const [app] = simulator.apps
  if (!app) throw new Error('the simulator has no app')
  const haoma = await createHaoma({
    apps: [{ appid: app.appid, appSecret: app.appSecret }],
    wechatHosts: [simulator.url],
    databaseUrl: ':memory:',
    masterKey: Buffer.alloc(32, 1),
    basePath: '/auth',
    logger: createLogger('silent'),
  })
  closers.push(() => haoma.close())
  const server = await listen(haoma)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.each(Object.entries(adapters))('mounted in %s', (_name, listen) => {
  it('logs in with a number, and the application knows the member by its session', async () => {
    const url = await mount(listen)
    const { appid } = simulator.apps[0] as { appid: string }
    const tap = { appid, user: '李雷', component: 'quick', answer: 'allow' } as const
    const body = {
      appid,
      loginCode: simulator.device.login({ appid, user: '李雷' }).code,
      phoneCode: simulator.device.phone(tap).code,
    }
    const login = await fetch(`${url}/auth/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const { member, session } = (await login.json()) as {
      member: { id: string; phone: { masked: string } }
      session: { accessToken: string }
    }
    expect({ status: login.status, masked: member.phone.masked }).toEqual({
      status: 200,
      masked: '135****6666',
    })
    const authorization = `Bearer ${session.accessToken}`
    const orders = await fetch(`${url}/orders`, { headers: { authorization } })
    expect(await orders.json()).toEqual({ memberId: member.id })
    expect((await fetch(`${url}/orders`)).status).toBe(401)
    const ended = await fetch(`${url}/auth/v1/session`, { method: 'DELETE', headers: { authorization } })
    expect(ended.status).toBe(204)
  })

  it('names its mount in the OpenAPI document, and shows the page of the API', async () => {
    const url = await mount(listen)
    const document = await (await fetch(`${url}/auth/openapi.json`)).json()
    expect(document).toMatchObject({ servers: [{ url: '/auth' }] })
    const page = await (await fetch(`${url}/auth/docs`)).text()
    expect(page).toContain('swagger-ui')
  })
})
