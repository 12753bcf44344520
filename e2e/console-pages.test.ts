import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './support/browser.ts'
import {
  admin,
  type ConsoleLook,
  complaintsOf,
  makeAdmin,
  openConsole,
  overflowOf,
  startWithTraffic,
  untilShown,
} from './support/console.ts'
import { seriousFaults } from './support/example.ts'
import { type Product, startProduct } from './support/product.ts'

// Every page of the console against a service of weeks and against one of its first day: axe finds nothing serious,
// nothing is wider than the screen, the browser complains of nothing, and nothing failed.
// With HAOMA_SHOTS=folder each is drawn in both languages and themes at three widths, to look at; HAOMA_TRAFFIC=1000000 fills
// the database as a year would.

const shots = process.env.HAOMA_SHOTS
const entries = Number(process.env.HAOMA_TRAFFIC ?? 1500)
const all: ConsoleLook[] = (['zh', 'en'] as const).flatMap((lang) =>
  (['light', 'dark'] as const).flatMap((theme) => [390, 1024, 1600].map((width) => ({ lang, theme, width }))),
)
/** Three that differ in everything; on every run each page is looked at in one of them. */
const few: ConsoleLook[] = [
  { lang: 'zh', theme: 'light', width: 390 },
  { lang: 'en', theme: 'dark', width: 1024 },
  { lang: 'zh', theme: 'dark', width: 1600 },
]
const looks = shots ? all : few
const nameOf = ({ lang, theme, width }: ConsoleLook) => `${lang} ${theme} ${width}`
const looksOf = (index: number) => (shots ? looks : [looks[index % looks.length] as ConsoleLook]).map(nameOf)

const paths = [
  ['overview', ''],
  ['logins', 'logins'],
  ['members', 'members'],
  ['cost', 'cost'],
  ['cost packs', 'cost?tab=packs'],
  ['cost entries', 'cost?tab=entries'],
  ['alerts', 'alerts'],
  ['apps', 'apps'],
  ['app', 'apps/wx5f0a3c9e7b1d2468'],
  ['clients', 'clients'],
  ['webhooks', 'webhooks'],
  ['keys', 'keys'],
  ['jobs', 'jobs'],
  ['audit', 'audit'],
  ['admins', 'admins'],
  ['settings', 'settings'],
  ['account', 'account'],
] as const
/** Pages that show the same on the first day are left to the other service. */
const alike = ['keys', 'jobs', 'audit', 'admins', 'settings', 'account', 'apps', 'app']
const inTurn = paths.flatMap(([name, path], index) => looksOf(index).map((how) => ({ name, path, how })))

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function look(context: BrowserContext, path: string, picture: string) {
  const page = await context.newPage()
  try {
    const complaints = complaintsOf(page)
    await page.goto(path)
    await untilShown(page)
    if (shots) await page.screenshot({ path: `${shots}/${picture}.png`, fullPage: true })
    expect(await page.locator('[data-testid=failure]').count(), 'failed').toBe(0)
    expect(await seriousFaults(page), 'axe').toEqual([])
    expect(await overflowOf(page), 'wider than the screen').toBeLessThanOrEqual(0)
    expect(complaints, 'said by the browser').toEqual([])
  } finally {
    await page.close()
  }
}

describe('a service with the traffic of weeks', () => {
  let product: Product
  let receiver: Server
  const found: [string, string][] = []
  const contexts = new Map<string, BrowserContext>()
  beforeAll(async () => {
    product = await startWithTraffic({ days: 90, entries })
    await makeAdmin(product, 'owner', 'lin')
    for (const how of looks) contexts.set(nameOf(how), await openConsole(browser, product, how, 'lin'))
    receiver = createServer((_, response) => response.writeHead(204).end()).listen(0, '127.0.0.1')
    await new Promise((resolve) => receiver.once('listening', resolve))
    const request = contexts.get(nameOf(looks[0] as ConsoleLook))?.request
    if (request) found.push(...(await fill(request)))
  }, 600_000)
  afterAll(async () => {
    receiver.close()
    await product.stop()
  })

  /** What traffic does not bring, and the pages of one thing. */
  async function fill(request: BrowserContext['request']): Promise<[string, string][]> {
    const call = (method: 'GET' | 'POST' | 'PATCH', path: string, data?: unknown) =>
      admin(request, method, path, data)
    const { port } = receiver.address() as AddressInfo
    await call('POST', 'clients', {
      name: '订单系统',
      scopes: ['exchange', 'phone:read'],
      ips: ['203.0.113.0/24'],
    })
    const webhook = await call('POST', 'webhooks', {
      url: `http://127.0.0.1:${port}/hook`,
      description: '会员系统',
      events: ['*'],
    })
    await call('POST', 'api-keys', { name: 'Prometheus', scopes: ['metrics'] })
    await call('POST', 'alert-channels', {
      name: '值班群',
      kind: 'wecom',
      url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6',
    })
    await call('PATCH', 'apps/wx6a1b4d8f0c2e3579', {
      settings: { knownMembersOnly: true, countries: ['CN', 'HK'], budgets: { quick: { dayLi: 20_000 } } },
    })
    await call('POST', `webhooks/${webhook.id}/test`)
    const { items: members } = await call('POST', 'members/search', { limit: 2 })
    await call('POST', `members/${members[0].id}/unbind`, { reason: '用户来电要求解绑' })
    const { items: failed } = await call('POST', 'logins/search', { outcome: 'PHONE_CODE_INVALID', limit: 1 })
    const { items: worked } = await call('POST', 'logins/search', { outcome: 'ok', way: 'login', limit: 1 })
    return [
      ['login failed', `logins/${failed[0].id}`],
      ['login', `logins/${worked[0].id}`],
      ['member', `members/${members[1].id}`],
      ['member unbound', `members/${members[0].id}`],
      ['webhook', `webhooks/${webhook.id}`],
    ]
  }

  it.concurrent.each(inTurn)('$name is sound $how', async ({ name, path, how }) => {
    await look(contexts.get(how) as BrowserContext, path, `full ${name} ${how}`)
  })

  it('the pages of one login, member and webhook are sound', async () => {
    expect(found).toHaveLength(5)
    const views = found.flatMap(([name, path], index) =>
      looksOf(index).map((how) => look(contexts.get(how) as BrowserContext, path, `full ${name} ${how}`)),
    )
    await Promise.all(views)
  })

  it('prices and packs are entered, changed and removed where they stand', async () => {
    const context = contexts.get(nameOf(looks[0] as ConsoleLook)) as BrowserContext
    const page = await context.newPage()
    await page.goto('cost?tab=packs')
    await untilShown(page)
    const dialog = page.locator('.el-dialog:visible')
    const draw = async (name: string) => {
      if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
      expect(await seriousFaults(page), 'axe').toEqual([])
    }
    const fill = async (...values: string[]) => {
      const fields = dialog.locator('input[type=number], input[type=date]')
      for (const [index, value] of values.entries()) await fields.nth(index).fill(value)
    }
    const save = async () => {
      await dialog.getByTestId('confirm').click()
      await dialog.waitFor({ state: 'hidden' })
    }

    await page.getByTestId('add-price').click()
    await fill('0.035', '2030-01-01')
    await draw('price form')
    await save()
    const price = page.locator('dl > div', { hasText: '0.035' })
    await price.waitFor()
    expect(await price.innerText()).toContain('2030-01-01')
    await price.getByRole('button').click()
    await save()
    await price.waitFor({ state: 'hidden' })

    await page.getByTestId('add-pack').click()
    await fill('10000', '280', '2026-01-01', '2026-12-31')
    await save()
    const pack = page.locator('tbody tr', { hasText: '10,000' })
    await pack.getByTestId('change-pack').click()
    expect(await dialog.locator('input[type=date]').first().inputValue()).toBe('2026-01-01')
    await fill('20000')
    await draw('pack form')
    await save()
    await page.locator('tbody tr', { hasText: '20,000' }).waitFor()
    await page.close()
  })
})

describe('a service on its first day', () => {
  let product: Product
  const contexts = new Map<string, BrowserContext>()
  beforeAll(async () => {
    product = await startProduct()
    await makeAdmin(product, 'owner', 'lin')
    for (const how of looks) contexts.set(nameOf(how), await openConsole(browser, product, how, 'lin'))
  })
  afterAll(() => product.stop())

  const views = inTurn.filter(({ name }) => shots || !alike.includes(name))
  it.concurrent.each(views)('$name is sound $how', async ({ name, path, how }) => {
    await look(contexts.get(how) as BrowserContext, path, `empty ${name} ${how}`)
  })
})
