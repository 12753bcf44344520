import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { requireFreePorts } from './ports.ts'

let taken: Server
let port: number

beforeEach(async () => {
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  port = (taken.address() as { port: number }).port
})
afterEach(() => new Promise((resolve) => taken.close(resolve)))

const want = (number: number, setting = 'HAOMA_PORT=') => ({
  port: number,
  zh: '登录服务',
  en: 'the login service',
  setting,
})

it('names a taken port, what it is for and how to choose another, in both languages', async () => {
  const failure = await requireFreePorts([want(port)], '127.0.0.1').catch((error: unknown) => error)
  expect(String(failure)).toContain(`登录服务的端口 ${port} 已被其他程序占用`)
  expect(String(failure)).toContain(`Port ${port} for the login service is taken`)
  expect(String(failure)).toContain('HAOMA_PORT=')
})

it('names two parts that were given the same port', async () => {
  await new Promise((resolve) => taken.close(resolve))
  const both = [want(port), want(port, 'HAOMA_DEMO_PORT=')]
  await expect(requireFreePorts(both, '127.0.0.1')).rejects.toThrow('is the same as the port of')
})

it('is silent when every port is free, and leaves it free', async () => {
  await new Promise((resolve) => taken.close(resolve))
  await requireFreePorts([want(port)], '127.0.0.1')
  await requireFreePorts([want(port)], '127.0.0.1')
})
