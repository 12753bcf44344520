import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveDemo } from './demo-server.ts'

let folder: string
let demo: Awaited<ReturnType<typeof serveDemo>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haoma-demo-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<html><head></head><body>the demo</body></html>')
  await writeFile(join(folder, 'assets', 'bars.fra6XmsT.js'), 'export default 1 // '.repeat(200))
  demo = await serveDemo({
    folder,
    port: 0,
    host: '127.0.0.1',
    allowHosts: ['demo.example'],
    appid: 'wx5f0a3c9e7b1d2468',
    servicePort: 4000,
    simulatorPort: 4010,
  })
})
afterAll(async () => {
  await demo.close()
  await rm(folder, { recursive: true })
})

const ask = (path: string, headers: Record<string, string>) =>
  new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      get(demo.url + path, { headers, agent: false }, (response) => {
        let text = ''
        response.on('data', (data) => {
          text += data
        })
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
      }).on('error', reject)
    },
  )

it.each([
  ['127.0.0.1:4020', 200],
  ['demo.example', 200],
  ['evil.test:4020', 403],
])('answers %s with %i', async (host, status) => {
  for (const path of ['/', '/index.html', '/assets/bars.fra6XmsT.js']) {
    const answer = await ask(path, { host })
    expect(answer.status).toBe(status)
    expect(answer.text.includes('the demo') || answer.text.includes('export')).toBe(status === 200)
  }
})

it('sends what is large compressed, and what is hashed for good', async () => {
  const { headers } = await ask('/assets/bars.fra6XmsT.js', { 'accept-encoding': 'gzip' })
  expect(headers['content-encoding']).toBe('gzip')
  expect(headers['cache-control']).toContain('immutable')
  expect((await ask('/', {})).headers['cache-control']).toBe('no-store')
})

it('tells the page where service and simulator are, on the host that the page was opened by', async () => {
  const { text } = await ask('/', { host: 'demo.example:4020' })
  expect(text).toContain('"baseUrl":"http://demo.example:4000"')
  expect(text).toContain('src="http://demo.example:4010/device.js"')
})
