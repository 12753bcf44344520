import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeOrigin, launchBrowser, openContext, serveFake } from './browser/support/browser.ts'
import { buildConsole } from './browser/support/build.ts'
import { fullRoutes } from './browser/support/fake-api.ts'

/** What a browser may have to load before the overview is there, its pictures included. */
const mostKb = 300

let browser: Browser
let folder: string
beforeAll(async () => {
  ;[browser, folder] = await Promise.all([launchBrowser(), buildConsole()])
})
afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

it(`loads the first page with ${mostKb} kB of gzip at most, in either language`, async () => {
  for (const lang of ['zh', 'en'] as const) {
    const page = await openContext(browser, { lang, theme: 'light', width: 1600 })
    const asked = new Set<string>()
    page.on('request', (request) => asked.add(new URL(request.url()).pathname.replace('/console/', '')))
    await serveFake(page, folder, fullRoutes)
    await page.goto(`${fakeOrigin}/console/`)
    await page.waitForSelector('[data-testid=tile-logins]')
    const files = [...asked].map((name) => (extname(name) ? name : 'index.html'))
    const sizes = [...new Set(files)].map(
      (name) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length,
    )
    const kb = sizes.reduce((sum, size) => sum + size, 0) / 1000
    expect(sizes.length).toBeGreaterThan(5)
    expect(kb).toBeLessThan(mostKb)
    await page.context().close()
  }
})

it('puts a hash into the name of every file that is kept for good', () => {
  for (const name of readdirSync(join(folder, 'assets'))) expect(name).toMatch(/-[\w-]{8}\.\w+$/)
})
