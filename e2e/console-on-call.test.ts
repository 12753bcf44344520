import { createHmac } from 'node:crypto'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './support/browser.ts'
import { admin, makeAdmin, openConsole, password, startWithTraffic, untilShown } from './support/console.ts'
import type { Product } from './support/product.ts'

// What people do with the console, on a service with traffic: find out why a login failed, sign in by keyboard alone,
// come back after a session ended, change things, and not do what their role may not.

interface Login {
  id: string
  at: string
  appid: string
  supportCode: string
  openid: string
  memberId: string | null
  masked: string | null
}

const look = { lang: 'zh', theme: 'light', width: 1600 } as const
const mostClicks = 3

let browser: Browser
let product: Product
let owner: BrowserContext
beforeAll(async () => {
  ;[browser, product] = await Promise.all([openBrowser(), startWithTraffic({ days: 30, entries: 1500 })])
  await makeAdmin(product, 'owner', 'lin')
  await makeAdmin(product, 'operator', 'ops')
  await makeAdmin(product, 'viewer', 'guest')
  owner = await openConsole(browser, product, look, 'lin')
})
afterAll(async () => {
  await browser.close()
  await product.stop()
})

/** A page that counts clicks. */
async function openCounting(context: BrowserContext, path: string) {
  const page = await context.newPage()
  await page.goto(path)
  await untilShown(page)
  let clicks = 0
  return {
    page,
    clicks: () => clicks,
    click: async (selector: string) => {
      clicks += 1
      await page.locator(selector).first().click()
    },
    /** Pastes into the search above every page and takes the first that it offers. */
    search: async (text: string) => {
      await page.keyboard.press('/')
      await page.keyboard.insertText(text)
      await page.keyboard.press('Enter')
      await page.locator('[data-testid=login]').first().waitFor()
    },
  }
}

const search = async (body: Record<string, unknown>): Promise<Login[]> =>
  (await admin(owner.request, 'POST', 'logins/search', body)).items
const rowOf = ({ id }: Login) => `[data-testid=login][href$="/logins/${id}"]`

/** A login that failed before anybody was recognised, of somebody who is a member with a number by now. */
async function failureOfSomebodyKnown(): Promise<{ failed: Login; masked: string }> {
  for (const failed of await search({ outcome: 'failed', limit: 100 })) {
    if (!failed.openid) continue
    const { items } = await admin(owner.request, 'POST', 'members/search', { openid: failed.openid })
    if (items[0]?.masked) return { failed, masked: items[0].masked }
  }
  throw new Error('nobody who is known failed')
}

/** The cause stands on the page of one login: what happened, and what to do. */
async function expectCause(page: Page, { id }: Login) {
  await page.waitForURL(`**/logins/${id}`)
  const text = await page.locator('[data-testid=explanation]').innerText()
  expect(text).toContain('发生了什么')
  expect(text).toContain('怎么办')
  expect(text.length).toBeGreaterThan(20)
}

describe('the person on call', () => {
  it.each([
    ['a support code', (login: Login) => login.supportCode],
    ['an openid', (login: Login) => login.openid],
    ['a request id', (login: Login) => login.id],
  ])('comes from %s to the cause in three clicks at most', async (_, textOf) => {
    const [failed] = await search({ outcome: 'PHONE_CODE_INVALID', limit: 1 })
    if (!failed) throw new Error('nothing failed')
    const { page, clicks, click } = await openCounting(owner, '')
    await page.keyboard.press('/')
    await page.keyboard.insertText(textOf(failed))
    await page.keyboard.press('Enter')
    if (textOf(failed) !== failed.id) await click(rowOf(failed))
    await expectCause(page, failed)
    expect(clicks()).toBeLessThanOrEqual(mostClicks)
    await page.close()
  })

  it("comes from a known member's masked number to the cause in three clicks at most", async () => {
    const { masked, failed } = await failureOfSomebodyKnown()
    const { page, clicks, click, search: paste } = await openCounting(owner, '')
    await paste(masked)
    expect(page.url()).not.toContain(masked.slice(0, 3))
    await click(rowOf(failed))
    await expectCause(page, failed)
    expect(clicks()).toBeLessThanOrEqual(mostClicks)
    await page.close()
  })

  it('comes from just an app and a minute to the cause in three clicks at most', async () => {
    const [failed] = await search({ outcome: 'WECHAT_UNREACHABLE', limit: 1 })
    if (!failed) throw new Error('nothing failed')
    const shanghai = new Date(Date.parse(failed.at) + 8 * 3_600_000).toISOString()
    const { page, clicks, click, search: paste } = await openCounting(owner, 'logins')
    await click('[data-testid=app-picker]')
    await click(`.el-dropdown-menu__item:has-text("${failed.appid}")`)
    await page.waitForURL(`**app=${failed.appid}*`)
    await paste(shanghai.slice(0, 16).replace('T', ' '))
    await click(rowOf(failed))
    await expectCause(page, failed)
    expect(clicks()).toBeLessThanOrEqual(mostClicks)
    await page.close()
  })
})

describe('signing in', () => {
  it('and a search for a login work with the keyboard alone', async () => {
    const [failed] = await search({ outcome: 'PHONE_CODE_INVALID', limit: 1 })
    if (!failed) throw new Error('nothing failed')
    const context = await openConsole(browser, product, look)
    const page = await context.newPage()
    await page.goto('logins?outcome=failed')
    await page.locator('input[name=username]').waitFor()
    await expect.poll(() => focused(page)).toBe('username')
    await page.keyboard.type('guest')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('password')
    await page.keyboard.type(password)
    await page.keyboard.press('Enter')
    // Back on the page that was asked for.
    await page.waitForURL(
      ({ pathname, search }) => `${pathname}${search}` === '/console/logins?outcome=failed',
    )
    await untilShown(page)
    await page.keyboard.press('/')
    await page.keyboard.type(failed.supportCode.toLowerCase())
    await page.keyboard.press('Enter')
    await page.waitForURL(`**code=${failed.supportCode}*`)
    await page.locator(rowOf(failed)).waitFor()
    for (let presses = 0; presses < 60 && (await focused(page)) !== 'login'; presses++)
      await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('login')
    await page.keyboard.press('Enter')
    await expectCause(page, failed)
    await context.close()
  })

  it('asks for the second factor once it was set up, and takes a recovery code', async () => {
    await makeAdmin(product, 'viewer', 'careful')
    const context = await openConsole(browser, product, look, 'careful')
    const page = await context.newPage()
    await page.goto('account')
    await page.locator('[data-testid=totp]').click()
    await page.locator('svg[role=img] path').waitFor()
    const secret = /[A-Z2-7]{32}/.exec(await page.locator('main').innerText())?.[0] ?? ''
    await page.fill('input[name=code]', codeOf(secret, Date.now()))
    await page.keyboard.press('Enter')
    await page.locator('[data-testid=once-done]').waitFor()
    const [recovery = ''] = (await page.locator('.el-dialog dd code').innerText()).split(' ')
    await page.locator('[data-testid=once-done]').click()
    await page.locator('[data-testid=user]').click()
    await page.locator('[data-testid=sign-out]').click()
    await page.fill('input[name=username]', 'careful')
    await page.fill('input[name=password]', password)
    await page.keyboard.press('Enter')
    await page.fill('input[name=totp]', recovery)
    await page.keyboard.press('Enter')
    await page.locator('[data-testid=user]').waitFor()
    await context.close()
  })

  it('is asked for again when the session ended, and leads back', async () => {
    const context = await openConsole(browser, product, look, 'ops')
    const page = await context.newPage()
    await page.goto('audit?action=admin.')
    await untilShown(page)
    await admin(owner.request, 'DELETE', `admins/${await idOf('ops')}/sessions`)
    await page.locator('[data-testid=nav-jobs]').click()
    await page.locator('input[name=password]').waitFor()
    expect(new URL(page.url()).searchParams.get('back')).toBe('/jobs')
    await page.fill('input[name=username]', 'ops')
    await page.fill('input[name=password]', password)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/console/jobs')
    await context.close()
  })
})

/** What an authenticator shows: RFC 6238 with SHA-1, six digits, 30 seconds. */
function codeOf(secret: string, atMs: number): string {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const bytes =
    bits
      .join('')
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? []
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)))
  const mac = createHmac('sha1', Buffer.from(bytes)).update(step).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

const focused = (page: Page) =>
  page.evaluate("document.activeElement?.dataset.testid ?? document.activeElement?.getAttribute('name')")
const idOf = async (username: string): Promise<string> =>
  (await admin(owner.request, 'GET', 'admins')).admins.find(
    (one: { username: string }) => one.username === username,
  ).id

describe('what may be changed', () => {
  it('a whole number is shown for a reason only, and the audit tells it', async () => {
    const [worked] = await search({ outcome: 'ok', way: 'phone', limit: 1 })
    const context = await openConsole(browser, product, look, 'ops')
    const page = await context.newPage()
    await page.goto(`members/${worked?.memberId}`)
    await untilShown(page)
    await page.locator('[data-testid=reveal]').click()
    expect(await page.locator('[data-testid=confirm]').isDisabled()).toBe(true)
    await page.fill('input[name=reason]', '用户来电核对号码')
    await page.locator('[data-testid=confirm]').click()
    expect(await page.locator('[data-testid=whole-number]').innerText()).toMatch(/^\+861\d{10}/)
    await page.goto('audit?action=number.read')
    await untilShown(page)
    expect(await page.locator('tbody tr').first().innerText()).toMatch(/ops[\s\S]*用户来电核对号码/)
    expect(await page.content()).not.toMatch(/\+861\d{10}/)
    await context.close()
  })

  it('a member is banned for a reason, and the ban is lifted', async () => {
    const { items } = await admin(owner.request, 'POST', 'members/search', { state: 'active', limit: 1 })
    const context = await openConsole(browser, product, look, 'ops')
    const page = await context.newPage()
    await page.goto(`members/${items[0].id}`)
    for (const [deed, state] of [
      ['封禁', '已封禁'],
      ['解除封禁', '正常'],
    ] as const) {
      await page.locator('[data-testid=member-more]').click()
      await page.locator('.el-dropdown-menu__item', { hasText: deed }).click()
      await page.locator('input[name=reason]:visible').fill('用户申诉')
      await page.locator('[data-testid=confirm]:visible').click()
      await page.locator('main h1', { hasText: state }).waitFor()
    }
    await context.close()
  })

  it('a client is made, its secret shown once', async () => {
    const context = await openConsole(browser, product, look, 'ops')
    const page = await context.newPage()
    await page.goto('clients')
    await page.locator('[data-testid=add]').click()
    await page.fill('input[name=name]', '订单系统')
    await page.locator('input[value=exchange]').check()
    await page.locator('[data-testid=confirm]').click()
    const once = page.locator('.el-dialog:has([data-testid=once-done])')
    const secret = /[0-9a-f]{32}/.exec(await once.innerText())?.[0] ?? 'none'
    expect(secret).not.toBe('none')
    await page.locator('[data-testid=once-done]').click()
    await page.reload()
    await untilShown(page)
    expect(await page.locator('tbody').innerText()).toContain('订单系统')
    expect(await page.content()).not.toContain(secret)
    await context.close()
  })

  const offers = [
    ['apps', 'add-app'],
    ['clients', 'add'],
    ['webhooks', 'add'],
    ['alerts', 'add-rule'],
    ['alerts', 'add-channel'],
  ] as const
  it.each([
    ['viewer', 'guest', 0],
    ['operator', 'ops', 1],
  ] as const)('a %s is offered what the role may do', async (_, username, count) => {
    const context = await openConsole(browser, product, look, username)
    const page = await context.newPage()
    for (const [path, button] of offers) {
      await page.goto(path)
      await untilShown(page)
      expect(await page.locator(`[data-testid=${button}]`).count(), button).toBe(count)
    }
    expect(await page.locator('[data-testid=nav-admins]').count()).toBe(0)
    await page.goto('admins')
    await page.locator('[data-testid=empty]').waitFor()
    const refused = await context.request.get('../admin/v1/admins')
    expect(refused.status()).toBe(403)
    await context.close()
  })
})
