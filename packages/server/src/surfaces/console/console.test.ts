import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Fixture, startFixture } from '../../../test/support/fixture.ts'

const script = 'export const greeting = "hello"\n'.repeat(50)
const folder = mkdtempSync(join(tmpdir(), 'haoma-console-'))

let fixture: Fixture
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<base href="/console/" /><script src="./assets/a.js"></script>')
  writeFileSync(join(folder, 'icon.svg'), '<svg/>')
  writeFileSync(join(folder, 'assets/a-12345678.js'), script)
  writeFileSync(join(folder, 'assets/a-12345678.js.br'), brotliCompressSync(script))
  writeFileSync(join(folder, 'assets/a-12345678.js.gz'), gzipSync(script))
  writeFileSync(join(folder, 'secret.txt'), 'not of the page')
  fixture = await startFixture({ consoleFolder: folder })
})
afterAll(async () => {
  await fixture.close()
  rmSync(folder, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fixture.haoma.fetch(new Request(`http://haoma.test${path}`, { headers }))

it.each(['/console', '/console/', '/console/logins', '/console/apps/wx5f0a3c9e7b1d2468'])(
  'answers %s with the page, so that an address can be sent to somebody',
  async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(await answer.text()).toContain('<base href="/console/" />')
  },
)

it('runs nothing in the page that the service did not serve, and lets nobody frame it', async () => {
  const { headers } = await get('/console')
  expect(headers.get('content-security-policy')).toContain("script-src 'self';")
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
})

it.each([
  ['br, gzip', 'br', brotliDecompressSync],
  ['gzip, br;q=0', 'gzip', gunzipSync],
] as const)('sends files as they were compressed by the build: %s', async (accepted, encoding, open) => {
  const answer = await get('/console/assets/a-12345678.js', { 'accept-encoding': accepted })
  expect(answer.headers.get('content-encoding')).toBe(encoding)
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(open(Buffer.from(await answer.arrayBuffer())).toString()).toBe(script)
})

it('sends them as they are to those who take no compression, and keeps them for good', async () => {
  const answer = await get('/console/assets/a-12345678.js')
  expect(answer.headers.get('content-encoding')).toBeNull()
  expect(answer.headers.get('cache-control')).toContain('immutable')
  expect(await answer.text()).toBe(script)
  expect((await get('/console/icon.svg')).headers.get('cache-control')).toBe('no-cache')
})

it('says 304 to a browser that has the page', async () => {
  const etag = (await get('/console')).headers.get('etag') ?? ''
  expect((await get('/console/logins', { 'if-none-match': etag })).status).toBe(304)
})

it.each([
  '/console/assets/b-12345678.js',
  '/console/secret.txt',
  '/console/..%2Fpackage.json',
  '/console/index.html',
])('has nothing at %s', async (path) => {
  const answer = await get(path)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' })
})

it('tells the page under which path the service is mounted', async () => {
  const mounted = await startFixture({ consoleFolder: folder, basePath: '/auth' })
  const answer = await mounted.haoma.fetch(new Request('http://haoma.test/auth/console/logins'))
  expect(await answer.text()).toContain('<base href="/auth/console/" />')
  await mounted.close()
})

it('serves none where none is wanted', async () => {
  const bare = await startFixture({ consoleFolder: false })
  expect((await bare.haoma.fetch(new Request('http://haoma.test/console'))).status).toBe(404)
  await bare.close()
})

it('is there for the addresses that administrators may come from, and for no other', async () => {
  const closed = await startFixture({ consoleFolder: folder, admin: { ips: ['10.1.0.0/16'] } })
  const from = async (ip: string) =>
    (await closed.haoma.fetch(new Request('http://haoma.test/console'), { ip })).status
  expect(await from('10.1.2.3')).toBe(200)
  expect(await from('203.0.113.7')).toBe(403)
  await closed.close()
})
