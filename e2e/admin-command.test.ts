import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runHaoma } from './support/haoma-command.ts'
import { type Product, startProduct } from './support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.stop())

const haoma = (...args: string[]) => runHaoma(product.folder, ...args)
const post = (path: string, body: unknown, cookie = '') =>
  fetch(`${product.serviceUrl}/admin/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  })
const tokenOf = (url: string) => /\/console\/#\/link\/([\w-]{22})$/.exec(url)?.[1] ?? ''
const password = 'correct horse battery'

describe('haoma start', () => {
  it('prints where the console is, with a link that signs in once, and logs no token', async () => {
    const [line = ''] = product
      .output()
      .split('\n')
      .filter((text) => text.includes('/console/#/link/'))
    expect(line).toContain(product.serviceUrl)
    const token = /link\/([\w-]{22})/.exec(line)?.[1]
    const entered = await post('links/claim', { token })
    expect(await entered.json()).toMatchObject({ admin: { username: 'demo', role: 'owner' } })
    const [cookie = ''] = (entered.headers.getSetCookie()[0] ?? '').split(';')
    const session = await fetch(`${product.serviceUrl}/admin/v1/session`, { headers: { cookie } })
    expect(session.status).toBe(200)
    expect((await post('links/claim', { token })).status).toBe(410)
    expect(product.output().split(token ?? 'none')).toHaveLength(2)
  })
})

describe('haoma admin', () => {
  it('makes the first owner while the service runs, then others, and resets them', async () => {
    const made = await haoma('admin', 'create', '--json')
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const link = JSON.parse(made.stdout)
    expect(link).toMatchObject({ purpose: 'first-owner', expiresInS: 900 })
    const first = await post('links/claim', { token: tokenOf(link.url), username: 'li', password })
    expect(await first.json()).toMatchObject({ admin: { role: 'owner' } })

    const text = (await haoma('admin', 'create', '--role', 'operator', '--url', 'https://login.example.com/'))
      .stdout
    expect(text).toMatch(/https:\/\/login\.example\.com\/console\/#\/link\/[\w-]{22}/)
    const token = /link\/([\w-]{22})/.exec(text)?.[1]
    const second = await post('links/claim', { token, username: 'wang', password })
    expect(await second.json()).toMatchObject({ admin: { role: 'operator' } })

    const listed = JSON.parse((await haoma('admin', 'list', '--json')).stdout)
    expect(listed).toMatchObject([
      { username: 'demo', disabledAt: expect.any(String) },
      { username: 'li', role: 'owner', hasTotp: false },
      { username: 'wang', role: 'operator' },
    ])
    expect(JSON.stringify(listed)).not.toMatch(/scrypt|passwordHash/)

    const reset = JSON.parse((await haoma('admin', 'reset', 'WANG', '--json')).stdout)
    const renewed = await post('links/claim', { token: tokenOf(reset.url), password: 'another long one' })
    expect(renewed.status).toBe(200)
    expect((await post('session', { username: 'wang', password })).status).toBe(401)
  })

  it('says what is wrong', async () => {
    expect(await haoma('admin', 'reset', 'nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('haoma admin list'),
    })
    expect((await haoma('admin', 'create', '--role', 'king')).code).toBe(1)
    expect(await haoma('admin', 'create', '--url', 'login.example.com')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--url'),
    })
  })
})
