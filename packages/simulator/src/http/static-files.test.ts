import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sendFile } from './static-files.ts'

let folder: string
let server: Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haoma-static-'))
  await mkdir(join(folder, 'assets'))
  for (const name of ['page.js', 'assets/main-Ab3_x9Kq.js', 'old.js', 'gzip-only.js'])
    await writeFile(join(folder, name), 'a page '.repeat(200))
  for (const name of ['page.js', 'assets/main-Ab3_x9Kq.js', 'old.js'])
    await writeFile(join(folder, `${name}.br`), brotliCompressSync('a page '.repeat(200)))
  await writeFile(join(folder, 'gzip-only.js.gz'), gzipSync('a page '.repeat(200)))
  await utimes(join(folder, 'old.js.br'), 1, 1)
  server = createServer((request, response) => {
    void sendFile(request, response, folder, request.url ?? '/').then((sent) => {
      if (!sent) response.writeHead(404).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; size: number }>(
    (resolve, reject) => {
      httpRequest(
        { host: '127.0.0.1', port: (server.address() as AddressInfo).port, path, headers, agent: false },
        (response) => {
          let size = 0
          response.on('data', (chunk: Buffer) => {
            size += chunk.length
          })
          response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, size }))
        },
      )
        .on('error', reject)
        .end()
    },
  )
const anything = { 'accept-encoding': 'gzip, deflate, br' }

it.each([
  ['/page.js', 'gzip, deflate, br', 'br'],
  ['/page.js', 'gzip', undefined],
  ['/page.js', 'br;q=0, gzip', undefined],
  ['/page.js', '', undefined],
  ['/gzip-only.js', 'gzip, br', 'gzip'],
  ['/old.js', 'br', undefined],
])('sends %s to a client that takes "%s" as %s', async (path, accepted, encoding) => {
  const { headers, size } = await get(path, { 'accept-encoding': accepted })
  expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'Accept-Encoding'])
  expect(headers['content-type']).toContain('javascript')
  expect(size < 200).toBe(encoding !== undefined)
})

it('lets a hashed name be kept for good, and any other be asked for again', async () => {
  expect((await get('/assets/main-Ab3_x9Kq.js', anything)).headers['cache-control']).toContain('immutable')
  const first = await get('/page.js', anything)
  expect(first.headers['cache-control']).toBe('no-cache')
  const etag = String(first.headers.etag)
  expect(await get('/page.js', { ...anything, 'if-none-match': etag })).toMatchObject({
    status: 304,
    size: 0,
  })
  expect((await get('/page.js', { 'if-none-match': etag })).status).toBe(200)
})

it.each(['/missing.js', '/../static-files.ts', '/%2e%2e/x', '/%', '/page.js%00'])(
  'has nothing at %s',
  async (path) => {
    expect((await get(path)).status).toBe(404)
  },
)
