import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { phone } from './browser.ts'
import type { Product } from './product.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Look {
  language: 'zh' | 'en'
  scheme: 'light' | 'dark'
}

export const looks: Look[] = [
  { language: 'zh', scheme: 'light' },
  { language: 'en', scheme: 'dark' },
]

/** For people who look at pictures: the other two as well. */
export const allLooks: Look[] = [
  ...looks,
  { language: 'zh', scheme: 'dark' },
  { language: 'en', scheme: 'light' },
]

interface OpenOptions extends Partial<Look> {
  user: string
  /** How large things are drawn: 2 is a browser at 200 %. */
  zoom?: number
  /** `simulator` plays WeChat; `away`: it does not answer; `none`: a page without it, as any browser has. */
  wechat?: 'simulator' | 'away' | 'none'
}

/** Opens the example's H5 build on a phone of its own, as a person who was never here before. */
export async function openExample(
  browser: Browser,
  product: Product,
  { user, wechat = 'simulator', language = 'zh', scheme = 'light', zoom = 1 }: OpenOptions,
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    ...phone,
    viewport: { width: phone.viewport.width / zoom, height: phone.viewport.height / zoom },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: scheme,
  })
  await context.addInitScript((name) => localStorage.setItem('haoma.user', name), user)
  if (wechat === 'away') await context.route('**/device.js*', (route) => route.abort())
  if (wechat === 'none')
    await context.route(`${product.demoUrl}/`, async (route) => {
      const answer = await route.fetch()
      const body = (await answer.text()).replace(/<script src="[^"]*device\.js"[^>]*><\/script>/, '')
      await route.fulfill({ response: answer, body })
    })
  const page = await context.newPage()
  await page.goto(`${product.demoUrl}/`)
  return { page, context }
}

interface Violation {
  id: string
  impact: string
  nodes: { target: string[]; any: { message: string }[] }[]
}

/** What axe calls serious or worse, one line for each place. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Evaluated, not added as a script: pages may forbid scripts that are not theirs.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe)
  // Preloaded would be films and style sheets of elsewhere, of which there are none.
  const options = JSON.stringify({ resultTypes: ['violations'], preload: false })
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as { violations: Violation[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => `${id} ${target.join(' ')} ${any[0]?.message}`),
    )
}

/** A picture for people, when `HAOMA_SCREENSHOTS` names a folder for it. */
export async function picture(page: Page, name: string) {
  const folder = process.env.HAOMA_SCREENSHOTS
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) })
}
