import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { createSimulator, type Simulator } from '../../src/index.ts'

export const APPID = 'wx5f0a3c9e7b1d2468'
export const APP_SECRET = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'

export const launchBrowser = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  })

/** Files by name, as the build would have written them: no test depends on what lies in `dist/`. */
export const buildPage = async (name: 'device' | 'control'): Promise<Map<string, string>> => {
  const configFile = `${import.meta.dirname}/../../browser/vite.${name}.config.ts`
  const built = await build({ configFile, logLevel: 'error', build: { write: false } })
  const outputs = Array.isArray(built) ? built : [built]
  const files = outputs.flatMap((result) => ('output' in result ? result.output : []))
  return new Map(files.map((file) => [file.fileName, 'code' in file ? file.code : String(file.source)]))
}

const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' }

/** Lets the page get our own build where it would ask the simulator for a built file. */
export const serveBuilt = async (page: Page, simulator: Simulator, files: Map<string, string>) => {
  for (const [name, body] of files) {
    const path = name === 'index.html' ? '/' : `/${name}`
    const contentType = `${TYPES[name.split('.').at(-1) ?? '']}; charset=utf-8`
    await page.route(`${simulator.url}${path}`, (route) => route.fulfill({ body, contentType }))
  }
}

/** The port a page of one's own is served from: another origin than the simulator's, as in real life. */
export const servePage = async (html: () => string) => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A phone-sized Chinese screen unless told otherwise; motion is reduced so that nothing is waited for. */
export const openPage = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'zh-CN',
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  return page
}

export const startSimulator = (): Promise<Simulator> => createSimulator({ seed: 'browser' })

export const post = async <T>(simulator: Simulator, path: string, body: object): Promise<T> => {
  const response = await fetch(`${simulator.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  return (await response.json()) as T
}

interface PhoneInfo {
  errcode: number
  phone_info?: { purePhoneNumber: string; countryCode: string }
}

/** What a back end would get for a phone code. */
export const exchange = async (simulator: Simulator, code: string): Promise<PhoneInfo> => {
  const { access_token } = await post<{ access_token: string }>(simulator, '/cgi-bin/stable_token', {
    grant_type: 'client_credential',
    appid: APPID,
    secret: APP_SECRET,
  })
  return post(simulator, `/wxa/business/getuserphonenumber?access_token=${access_token}`, { code })
}
