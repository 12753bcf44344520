import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { answerOf, type FakeRoutes } from './fake-api.ts'

export const launchBrowser = (): Promise<Browser> =>
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
    ],
  })

export interface Look {
  lang: 'zh' | 'en'
  theme: 'light' | 'dark'
  width: number
}
export const nameOf = ({ lang, theme, width }: Look) => `${lang} ${theme} ${width}`

export async function openContext(browser: Browser, { lang, theme, width }: Look): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  return page
}

export const fakeOrigin = 'http://console.test'
const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** Lets a page have the built console and a faked service, with no server at all. */
export async function serveFake(page: Page, folder: string, routes: FakeRoutes): Promise<void> {
  await page.route(`${fakeOrigin}/**`, (route) => {
    const request = route.request()
    const url = new URL(request.url())
    if (url.pathname.startsWith('/admin/v1/')) {
      if (request.resourceType() === 'eventsource') return route.abort()
      const { status, body } = answerOf(routes, request.method(), url, request.postDataJSON())
      return route.fulfill({ status, ...(body !== undefined && { json: body }) })
    }
    const name = url.pathname.replace(/^\/console\/?/, '')
    const file = join(folder, name)
    if (extname(name) && existsSync(file)) {
      return route.fulfill({ body: readFileSync(file), contentType: types[extname(name)] ?? 'text/plain' })
    }
    return route.fulfill({
      body: readFileSync(join(folder, 'index.html')),
      contentType: 'text/html; charset=utf-8',
    })
  })
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
interface Violation {
  id: string
  impact: string
  nodes: Array<{ target: unknown[]; failureSummary?: string }>
}

/** What axe finds serious, one line for each place. */
export async function seriousFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.addScriptTag({ path: axe })
  const options = JSON.stringify({
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    resultTypes: ['violations'],
    // Films and style sheets of elsewhere, of which there are none.
    preload: false,
  })
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as { violations: Violation[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${String(target)} ${failureSummary?.slice(0, 200)}`),
    )
}

export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate('document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth')
