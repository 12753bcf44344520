import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../scripts/services/find.mjs'
import { root } from './support/fences.ts'

/** `npm run test:adapters` installs and builds them; they are too heavy for every run of every test. */
const isInstalled = process.env.ADAPTERS === 'all'
if (!isInstalled) process.stderr.write('⚠ NestJS and Next.js SKIPPED (npm run test:adapters)\n')

const example = (name: string, ...path: string[]) => join(root, 'examples', name, ...path)
const [user, masked] = ['李雷', '135****6666']

let simulator: Simulator
let env: Record<string, string>
beforeAll(async () => {
  simulator = await createSimulator()
  const [app] = simulator.apps
  if (!app) throw new Error('the simulator has no app')
  env = {
    APPID: app.appid,
    APP_SECRET: app.appSecret,
    WECHAT_HOST: simulator.url,
    DATABASE_URL: ':memory:',
    MASTER_KEY: randomBytes(32).toString('base64'),
    NEXT_TELEMETRY_DISABLED: '1',
  }
})
afterAll(() => simulator.close())

type Send = (path: string, init?: RequestInit) => Promise<Response>

/** Logs in under `/auth`, and asks the application for the orders of the member. */
async function logInThrough(send: Send): Promise<void> {
  const appid = env.APPID ?? ''
  const tap = { appid, user, component: 'quick', answer: 'allow' } as const
  const body = {
    appid,
    loginCode: simulator.device.login({ appid, user }).code,
    phoneCode: simulator.device.phone(tap).code,
  }
  const headers = { 'content-type': 'application/json' }
  const login = await send('/auth/v1/login', { method: 'POST', headers, body: JSON.stringify(body) })
  // biome-ignore lint/suspicious/noExplicitAny: read as a mini program does
  const { member, session } = (await login.json()) as any
  expect({ status: login.status, masked: member?.phone.masked }).toEqual({ status: 200, masked })
  const authorization = `Bearer ${session.accessToken}`
  const orders = await send('/orders', { headers: { authorization } })
  expect({ status: orders.status, body: await orders.json() }).toEqual({
    status: 200,
    body: { memberId: member.id },
  })
  expect((await send('/orders')).status).toBe(401)
  expect((await send('/auth/openapi.json')).status).toBe(200)
  const ended = await send('/auth/v1/session', { method: 'DELETE', headers: { authorization } })
  expect(ended.status).toBe(204)
  expect((await send('/orders', { headers: { authorization } })).status).toBe(401)
}

async function start(command: readonly string[], cwd: string, port: number): Promise<ChildProcess> {
  const [file = '', ...args] = command
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env, PORT: String(port) } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text))
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline && child.exitCode === null) {
    if (await fetch(`http://127.0.0.1:${port}/orders`).catch(() => undefined)) return child
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`${command.join(' ')} did not come up:\n${output}`)
}

const applications = {
  NestJS: () => ({ cwd: example('nestjs'), command: (_port: number) => [process.execPath, 'dist/main.js'] }),
  'Next.js': () => {
    const next = createRequire(example('nextjs', 'package.json')).resolve('next/package.json')
    const bin = join(dirname(next), 'dist', 'bin', 'next')
    return {
      cwd: example('nextjs'),
      command: (port: number) => [process.execPath, bin, 'start', '-H', '127.0.0.1', '-p', String(port)],
    }
  },
}

describe.skipIf(!isInstalled).each(Object.entries(applications))(
  'an application in %s',
  (_name, describeIt) => {
    it('logs in, knows the member by the session, and ends by itself', async () => {
      const { cwd, command } = describeIt()
      const port = await freePort()
      const child = await start(command(port), cwd, port)
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      try {
        await logInThrough((path, init) => fetch(`http://127.0.0.1:${port}${path}`, init))
      } finally {
        child.kill('SIGTERM')
      }
      await ended
    })
  },
)

it('the route handlers of the Next.js example log in without Next.js', async () => {
  Object.assign(process.env, env)
  const auth = await import('../examples/nextjs/app/auth/[...path]/route.js')
  const orders = await import('../examples/nextjs/app/orders/route.js')
  const { haoma } = await import('../examples/nextjs/haoma.js')
  await logInThrough((path, init = {}) => {
    const request = new Request(`http://shop.test${path}`, init)
    if (!path.startsWith('/auth')) return orders.GET(request)
    const handle = auth[request.method as 'GET'] as (request: Request) => Promise<Response>
    return handle(request)
  })
  await (await haoma()).close()
})
