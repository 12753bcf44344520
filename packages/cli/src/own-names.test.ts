import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { onlyOwnNames, readAllowedHosts } from './own-names.ts'

const app = new Hono().use(onlyOwnNames(['Demo.example'])).get('/', (context) => context.text('the page'))
const ask = (host: string) => app.request('http://x/', { headers: { host } })

it.each([
  ['localhost:4020', 200],
  ['127.0.0.1', 200],
  ['[::1]:4020', 200],
  ['demo.EXAMPLE:80', 200],
  ['evil.test:4020', 403],
  ['localhost.evil.test', 403],
  ['127.0.0.1@evil.test', 403],
  ['', 403],
])('answers %s with %i', async (host, status) => {
  const response = await ask(host)
  expect(response.status).toBe(status)
  expect((await response.text()).includes('the page')).toBe(status === 200)
})

it('keeps its pages out of other sites’ frames', async () => {
  const { headers } = await ask('localhost')
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
  expect(headers.get('content-security-policy')).toBe("frame-ancestors 'self'")
})

it('reads names that are separated by commas', () => {
  expect(readAllowedHosts(' a.test, b ,,')).toEqual(['a.test', 'b'])
  expect(readAllowedHosts(undefined)).toEqual([])
})
