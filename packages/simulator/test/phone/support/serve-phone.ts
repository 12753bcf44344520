import { mkdtemp, rm } from 'node:fs/promises'
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { build } from 'vite'
import { mutantPlugin } from '../../../../../scripts/lib/mutant-plugin.mjs'
import { createSimulator, type Simulator } from '../../../src/create-simulator.ts'
import { createPhone } from '../../../src/phone/create-phone.ts'
import type { LocatorLike } from '../../../src/phone/playwright/index.ts'

export const fixture = (name: string) => join(import.meta.dirname, '../fixtures', name)

/** A phone page with a simulator of its own, and a browser to look at it. */
export interface Bench {
  url: string
  simulator: Simulator
  newPage(viewport?: { width: number; height: number }): Promise<Page>
  /** After each test: an open phone keeps asking for the time. */
  closePages(): Promise<void>
  /** Ends what serves the page, as when its process is stopped, and starts it again at the same address. */
  stop(): Promise<void>
  restart(): Promise<void>
  close(): Promise<void>
}

/** Builds the page afresh, so that a test never sees an older one, and serves a folder on it. */
export async function openBench(folder: string): Promise<Bench> {
  const temporary = await mkdtemp(join(tmpdir(), 'haoma-phone-'))
  const browserFolder = join(temporary, 'browser')
  await build({
    configFile: join(import.meta.dirname, '../../../browser/vite.phone.config.ts'),
    build: { outDir: browserFolder },
    plugins: [mutantPlugin()],
  })
  const simulator = await createSimulator({ seed: 'phone' })
  const phone = createPhone({ folder, browserFolder })
  const server = createServer((request, response) => {
    if (!phone.handle(request, response)) pass(request, response, simulator.port)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const browser = await launch()
  return {
    url: `http://127.0.0.1:${port}`,
    simulator,
    newPage: async (viewport = { width: 1280, height: 900 }) =>
      (await browser.newContext({ viewport })).newPage(),
    async closePages() {
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    stop: () => shut(server),
    restart: () => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
    async close() {
      await browser.close()
      phone.close()
      await shut(server)
      await simulator.close()
      await rm(temporary, { recursive: true, force: true })
    },
  }
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  })
}

function pass(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { url: path = '/', method = 'GET', headers } = request
  const onward = forward({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.destroy())
  request.pipe(onward)
}

/**
 * One computed style of what a locator finds. The helper's locators are Playwright's own, typed by what it uses.
 */
export function styleOf(locator: LocatorLike, property: string): Promise<string> {
  // Runs in the page, where there is a DOM; these tests are compiled without one.
  const read = new Function('element', `return getComputedStyle(element).${property}`) as () => string
  return (locator as Locator).first().evaluate(read)
}

/** Closes a server and the connections that browsers keep open. */
export function shut(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
