import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { APIRequestContext, Browser, BrowserContext, Page } from 'playwright-core'
import { runHaoma, runProgram } from './haoma-command.ts'
import { type Product, startProduct } from './product.ts'

const traffic = fileURLToPath(new URL('../../scripts/traffic.mjs', import.meta.url))

export interface Traffic {
  days: number
  /** Consents; requests come to about half as many again. */
  entries: number
}

/** What `npm start` runs, on a database that holds the traffic of past weeks, the same each time. */
export async function startWithTraffic({ days, entries }: Traffic): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'haoma-console-'))
  const haoma = join(folder, '.haoma')
  const { code, stderr } = await runProgram([
    process.execPath,
    traffic,
    ...['--days', String(days), '--entries', String(entries)],
    ...['--database', `sqlite:${join(haoma, 'simulator.db')}`],
    ...['--master-key-file', join(haoma, 'master.key')],
  ])
  if (code !== 0) throw new Error(`npm run traffic ended with ${code}:\n${stderr}`)
  return startProduct({}, folder)
}

export const password = 'correct horse battery'

/** Makes an administrator by a one-time link, as a person would. The first one of a service becomes its owner. */
export async function makeAdmin(product: Product, role: string, username: string): Promise<void> {
  const made = await runHaoma(product.folder, 'admin', 'create', '--role', role, '--json')
  const token = /link\/([\w-]{22})/.exec(made.stdout)?.[1]
  const answer = await fetch(`${product.serviceUrl}/admin/v1/links/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, username, password }),
  })
  if (!answer.ok) throw new Error(`${role} was not made: ${made.stderr}${await answer.text()}`)
}

export interface ConsoleLook {
  lang: 'zh' | 'en'
  theme: 'light' | 'dark'
  width: number
}

/** A browser of its own; signed in when a name is given. */
export async function openConsole(
  browser: Browser,
  product: Product,
  { lang, theme, width }: ConsoleLook,
  username?: string,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: `${product.serviceUrl}/console/`,
    viewport: { width, height: width < 500 ? 844 : 900 },
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(10_000)
  if (username) {
    const signedIn = await context.request.post('../admin/v1/session', { data: { username, password } })
    if (!signedIn.ok()) throw new Error(`${username} was not let in: ${await signedIn.text()}`)
  }
  return context
}

/** Calls the admin surface as the one who is signed in. */
export async function admin(
  request: APIRequestContext,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  data: unknown = {},
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as a client in JavaScript does
): Promise<any> {
  const { csrf } = await (await request.get('../admin/v1/session')).json()
  const headers = { 'x-haoma-csrf': csrf }
  const answer = await request.fetch(`../admin/v1/${path}`, {
    method,
    headers,
    ...(method !== 'GET' && { data }),
  })
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
  return answer.status() === 204 ? undefined : answer.json()
}

/** What the browser complains of while a page is used. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return complaints
}

/** Until everything that was asked for is there, and nothing moves. */
export async function untilShown(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor()
  await page.locator('[data-testid=loading], [aria-busy=true]').first().waitFor({ state: 'detached' })
  await page.evaluate('Promise.allSettled(document.getAnimations().map((animation) => animation.finished))')
}

export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate('document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth')
