import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSimulator, type Simulator } from '../../src/index.ts'
import { APP_SECRET, APPID, launchBrowser, openPage, servePage } from './support.ts'

// What DNS rebinding comes to: the browser believes that the website and the simulator are one origin.
let browser: Browser
let simulator: Simulator
let intranetHits = 0
const intranet = createServer((_, response) => {
  intranetHits++
  response.end('intranet secret')
})

/** The attacker's page for whoever asks for `/`, then the simulator: the name was pointed at it meanwhile. */
const rebound = createTcpServer((socket) => {
  socket.once('data', (head) => {
    if (head.toString().startsWith('GET / ')) {
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<title>evil</title>')
      return
    }
    const behind = connect(simulator.port, '127.0.0.1')
    behind.on('error', () => socket.destroy())
    behind.write(head)
    socket.pipe(behind).pipe(socket)
  })
  socket.on('error', () => socket.destroy())
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haoma-rebinding-'))
  await writeFile(join(folder, 'app.json'), JSON.stringify({ pages: ['pages/home'] }))
  await writeFile(join(folder, 'app.js'), 'const secretOfTheMiniProgram = 1')
  browser = await launchBrowser(['--host-resolver-rules=MAP evil.test 127.0.0.1'])
  simulator = await createSimulator({ miniprogram: folder })
  for (const server of [intranet, rebound])
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await browser.close()
  await simulator.close()
  intranet.close()
  rebound.close()
  await rm(folder, { recursive: true })
})

const requests = () => [
  ['GET', '/_control/state'],
  ['GET', '/_control/snapshot'],
  ['GET', '/_control/log'],
  ['POST', '/_control/apps', { appid: APPID, name: 'taken over' }],
  ['POST', '/_control/outage', { durationMs: 10_000 }],
  ['GET', '/_device/users'],
  ['POST', '/_device/login', { appid: APPID, user: '李雷' }],
  ['GET', '/phone/bundle'],
  ['GET', '/phone/files/app.js'],
  [
    'POST',
    '/phone/request',
    {
      url: `http://127.0.0.1:${(intranet.address() as AddressInfo).port}/write`,
      method: 'POST',
      header: {},
      timeoutMs: 2000,
    },
  ],
  ['POST', '/cgi-bin/stable_token', { grant_type: 'client_credential', appid: APPID, secret: APP_SECRET }],
]

/** Sends them all from inside a page and gives what it could read of each. */
const readAll = `async (calls) => Promise.all(calls.map(async ([method, path, body]) => {
  try {
    const response = await fetch(path, { method, body: body && JSON.stringify(body) })
    return response.status + ' ' + (await response.text())
  } catch (error) {
    return 'blocked'
  }
}))`

it('gives a website whose name was rebound nothing, and does nothing for it', async () => {
  const page = await openPage(browser)
  await page.goto(`http://evil.test:${(rebound.address() as AddressInfo).port}/`)
  const read = (await page.evaluate(`(${readAll})(${JSON.stringify(requests())})`)) as string[]
  for (const answer of read) {
    expect(answer).toMatch(/^403 /)
    expect(answer).not.toMatch(/李雷|secret|access_token|0f1e2d3c/)
  }
  expect(intranetHits).toBe(0)
  expect(simulator.apps[0]?.name).toBe('号码示例')
  expect(simulator.control.bill(APPID).totalLi).toBe(0)
  await page.context().close()
})

it('gives a website of another origin no control call, by whatever way it asks', async () => {
  const stranger = await servePage(() => '<title>evil</title>')
  const page = await openPage(browser)
  await page.goto(stranger.url)
  const calls = requests()
    .filter(([, path]) => String(path).startsWith('/_control'))
    .map(([method, path, body]) => [method, simulator.url + String(path), body])
  const read = (await page.evaluate(`(${readAll})(${JSON.stringify(calls)})`)) as string[]
  expect(new Set(read)).toEqual(new Set(['blocked']))
  // Without CORS a page may send, and not read; nothing may come of it.
  await page.evaluate(
    (url) => fetch(`${url}/_control/reset`, { method: 'POST', mode: 'no-cors', body: '{"seed":"x"}' }),
    simulator.url,
  )
  expect(simulator.control.snapshot().apps[0]?.name).toBe('号码示例')
  await page.setContent(
    `<iframe src="${simulator.url}/"></iframe><iframe src="${simulator.url}/phone"></iframe>`,
  )
  await expect
    .poll(() =>
      page
        .frames()
        .slice(1)
        .map((frame) => frame.url()),
    )
    .toEqual(['chrome-error://chromewebdata/', 'chrome-error://chromewebdata/'])
  await page.context().close()
  await stranger.close()
})
