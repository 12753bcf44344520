import { rmSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type State, states } from './states.ts'
import {
  fakeOrigin,
  type Look,
  launchBrowser,
  nameOf,
  openContext,
  overflowOf,
  seriousFindings,
  serveFake,
} from './support/browser.ts'
import { buildConsole } from './support/build.ts'

// Every page and state: axe finds nothing serious, nothing is wider than the screen, nothing is said in the console.
// With HAOMA_SHOTS=folder each is written as a picture in all looks, to look at; HAOMA_STATES=overview takes some of them.

const shots = process.env.HAOMA_SHOTS
const all: Look[] = (['zh', 'en'] as const).flatMap((lang) =>
  (['light', 'dark'] as const).flatMap((theme) => [390, 1024, 1600].map((width) => ({ lang, theme, width }))),
)
/** Two that differ in everything; each state is looked at in one of them. */
const few: Look[] = [
  { lang: 'zh', theme: 'light', width: 390 },
  { lang: 'en', theme: 'dark', width: 1024 },
]
const wanted = process.env.HAOMA_LOOKS
const looks = (shots ? all : few).filter((look) => !wanted || new RegExp(wanted).test(nameOf(look)))
const chosen = states.filter(({ name }) => new RegExp(process.env.HAOMA_STATES ?? '.').test(name))

let browser: Browser
let folder: string
beforeAll(async () => {
  ;[browser, folder] = await Promise.all([launchBrowser(), buildConsole()])
})
afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the browser complains of, but for answers that a state wants to be errors. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    const isAnswer = message.text().startsWith('Failed to load resource')
    if (['error', 'warning'].includes(message.type()) && !isAnswer) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return complaints
}

async function look(page: Page, { name, path, routes, ready, act }: State, how: Look): Promise<void> {
  const complaints = complaintsOf(page)
  await serveFake(page, folder, routes)
  await page.goto(`${fakeOrigin}/console${path}`)
  await page.waitForSelector(ready)
  await act?.(page)
  // Colours are measured when nothing moves any more.
  await page.evaluate('Promise.allSettled(document.getAnimations().map((animation) => animation.finished))')
  if (shots) await page.screenshot({ path: `${shots}/${name} ${nameOf(how)}.png`, fullPage: true })
  expect(await seriousFindings(page), 'axe').toEqual([])
  expect(await overflowOf(page), 'wider than the screen').toBeLessThanOrEqual(0)
  expect(complaints, 'said by the browser').toEqual([])
}

const views = chosen.flatMap((state, index) =>
  looks
    .filter((_, turn) => shots || turn === index % looks.length)
    .map((how) => ({ state, how, name: `${state.name} ${nameOf(how)}` })),
)
describe('a page', () => {
  it.concurrent.each(views)('$name is sound', async ({ state, how }) => {
    const page = await openContext(browser, how)
    try {
      await look(page, state, how)
    } finally {
      await page.context().close()
    }
  })
})
