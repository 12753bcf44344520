import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runHaoma } from './support/haoma-command.ts'
import { type Product, startProduct } from './support/product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.stop())

const haoma = (...args: string[]) => runHaoma(product.folder, ...args)

const statusOf = async (
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  at = product,
) => {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const answer = await fetch(`${at.serviceUrl}/v1/introspect`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ token: 'x' }),
  })
  return answer.status
}

describe('haoma client', () => {
  it('makes, rotates and ends a client while the service runs', async () => {
    const made = await haoma('client', 'create', '商城', '--scopes', 'introspect,token', '--json')
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const first = JSON.parse(made.stdout)
    expect(first).toEqual({
      clientId: expect.stringMatching(/^hc[0-9a-f]{16}$/),
      clientSecret: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    expect(await statusOf(first)).toBe(200)
    const second = JSON.parse((await haoma('client', 'rotate', first.clientId, '--json')).stdout)
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200])
    const { stdout } = await haoma('client', 'list', '--json')
    expect(JSON.parse(stdout)).toMatchObject([{ name: '商城', scopes: ['introspect', 'token'], apps: null }])
    expect(stdout).not.toContain(second.clientSecret)
    expect((await haoma('client', 'revoke', first.clientId)).code).toBe(0)
    await expect.poll(() => statusOf(second), { timeout: 5000 }).toBe(401)
    expect(await haoma('client', 'revoke', first.clientId)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('haoma client list'),
    })
  })

  it('ends a client in every process within five seconds', async () => {
    const other = await startProduct({}, product.folder)
    try {
      const credentials = JSON.parse(
        (await haoma('client', 'create', 'x', '--scopes', 'introspect', '--json')).stdout,
      )
      expect([await statusOf(credentials), await statusOf(credentials, other)]).toEqual([200, 200])
      await haoma('client', 'revoke', credentials.clientId)
      for (const at of [product, other]) {
        await expect.poll(() => statusOf(credentials, at), { timeout: 5000 }).toBe(401)
      }
    } finally {
      await other.interrupt()
    }
  })

  it('says what a grant lacks, and makes nothing', async () => {
    const { code, stderr } = await haoma('client', 'create', 'x', '--scopes', 'everything')
    expect(code).toBe(1)
    expect(stderr).toContain('(everything)')
    expect(stderr).not.toContain('    at ')
  })
})
