import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, startProduct } from './support/product.ts'

const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))
let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.stop())

function haoma(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { cwd: product.folder })
  return new Promise((resolve) => {
    const out = { stdout: '', stderr: '' }
    child.stdout.on('data', (text) => {
      out.stdout += text
    })
    child.stderr.on('data', (text) => {
      out.stderr += text
    })
    child.on('close', (code) => resolve({ code, ...out }))
  })
}

const statusOf = async ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  const answer = await fetch(`${product.serviceUrl}/v1/introspect`, {
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

  it('says what a grant lacks, and makes nothing', async () => {
    const { code, stderr } = await haoma('client', 'create', 'x', '--scopes', 'everything')
    expect(code).toBe(1)
    expect(stderr).toContain('(everything)')
    expect(stderr).not.toContain('    at ')
  })
})
