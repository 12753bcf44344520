import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, basic, type Client, type Fixture, startFixture } from '../../test/support/fixture.ts'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture({ trustedProxies: ['10.0.0.1'] })
})
afterEach(() => fixture.close())

const path = `/v1/apps/${appid}/access-token`
const statusAs = async (credentials: { clientId: string; clientSecret: string }, at: Client = fixture) =>
  (await at.post(path, {}, basic(credentials))).status

describe('a client', () => {
  it('has an id and a secret of 32 hex digits, which is stored only as a digest', async () => {
    const { clientId, clientSecret } = await fixture.haoma.clients.create({ name: '商城', scopes: ['token'] })
    expect(clientId).toMatch(/^hc[0-9a-f]{16}$/)
    expect(clientSecret).toMatch(/^[0-9a-f]{32}$/)
    const stored = JSON.stringify([await fixture.db.clients.list(), await fixture.db.clients.listSecrets()])
    expect(stored).not.toContain(clientSecret)
    expect(await fixture.haoma.clients.list()).toMatchObject([
      {
        id: clientId,
        name: '商城',
        scopes: ['token'],
        appids: null,
        secrets: [{ hint: clientSecret.slice(0, 4) }],
      },
    ])
  })

  it('has two secrets at a time, so that a rotation interrupts nobody', async () => {
    const first = await fixture.haoma.clients.create({ name: 'shop', scopes: ['token'] })
    const second = await fixture.haoma.clients.rotate(first.clientId)
    if (!second) throw new Error('not rotated')
    expect([await statusAs(first), await statusAs(second)]).toEqual([200, 200])
    const third = await fixture.haoma.clients.rotate(first.clientId)
    if (!third) throw new Error('not rotated')
    await fixture.advance(2000)
    expect([await statusAs(first), await statusAs(second), await statusAs(third)]).toEqual([401, 200, 200])
    await fixture.advance(86_400_000)
    expect([await statusAs(second), await statusAs(third)]).toEqual([401, 200])
  })

  it('keeps two secrets when it is rotated by many at once', async () => {
    const { clientId } = await fixture.haoma.clients.create({ name: 'shop', scopes: ['token'] })
    const given = await Promise.all(Array.from({ length: 5 }, () => fixture.haoma.clients.rotate(clientId)))
    const statuses = await Promise.all(given.map((one) => one && statusAs(one)))
    expect(statuses.filter((status) => status === 200)).toHaveLength(2)
  })

  it('that is revoked is out of every process within 5 seconds, and cannot be rotated back in', async () => {
    const client = await fixture.haoma.clients.create({ name: 'shop', scopes: ['token'] })
    const other = await fixture.startAnother()
    expect([await statusAs(client), await statusAs(client, other)]).toEqual([200, 200])
    expect(await fixture.haoma.clients.revoke(client.clientId)).toBe(true)
    await fixture.advance(4999)
    expect([await statusAs(client), await statusAs(client, other)]).toEqual([401, 401])
    expect(await fixture.haoma.clients.rotate(client.clientId)).toBeUndefined()
    expect(await fixture.haoma.clients.revoke(client.clientId)).toBe(false)
    expect(await fixture.haoma.clients.change(client.clientId, { name: 'x' })).toBe(false)
  })

  it('whose grant changes has the new one in every process within 5 seconds', async () => {
    const client = await fixture.haoma.clients.create({ name: 'shop', scopes: ['token'] })
    const other = await fixture.startAnother()
    expect(await statusAs(client, other)).toBe(200)
    expect(await fixture.haoma.clients.change(client.clientId, { scopes: ['gateway'] })).toBe(true)
    await fixture.advance(4999)
    expect(await statusAs(client, other)).toBe(403)
  })

  it('may call from the addresses of its list only, as a trusted proxy tells them', async () => {
    const client = await fixture.haoma.clients.create({
      name: 'shop',
      scopes: ['token'],
      ips: ['203.0.113.0/24'],
    })
    const from = async (ip: string | undefined, forwardedFor?: string) => {
      const request = new Request(`http://haoma.test${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...basic(client),
          ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
        },
        body: '{}',
      })
      return (await fixture.haoma.fetch(request, { ip })).status
    }
    expect(await from('203.0.113.7')).toBe(200)
    expect(await from('198.51.100.7')).toBe(403)
    expect(await from('198.51.100.7', '203.0.113.7')).toBe(403)
    expect(await from('10.0.0.1', '203.0.113.7')).toBe(200)
    expect(await from('10.0.0.1', '203.0.113.7, 198.51.100.7')).toBe(403)
    expect(await from(undefined)).toBe(403)
  })

  it('is seen to the minute', async () => {
    const client = await fixture.haoma.clients.create({ name: 'shop', scopes: ['token'] })
    const seen = async () => (await fixture.haoma.clients.list())[0]?.seenAtMs ?? 0
    await statusAs(client)
    const first = await seen()
    expect(first).toBeGreaterThan(0)
    await fixture.advance(30_000)
    await statusAs(client)
    expect(await seen()).toBe(first)
    await fixture.advance(40_000)
    await statusAs(client)
    expect(await seen()).toBeGreaterThan(first)
  })

  it.each([
    [{ name: '', scopes: ['token'] }, /名称/],
    [{ name: 'x', scopes: [] }, /scope/],
    [{ name: 'x', scopes: ['admin'] }, /\(admin\)/],
    [{ name: 'x', scopes: ['token'], ips: ['example.com'] }, /IP/],
    [{ name: 'x', scopes: ['token'], appids: [] }, /appid/],
    [{ name: 'x', scopes: ['gateway'], gatewayPaths: ['/*'] }, /网关/],
    [{ name: 'x', scopes: ['token'], tokenMarginS: 3601 }, /提前量/],
    [{ name: 'x', scopes: ['token'], tokenMarginS: -1 }, /提前量/],
    [{ name: 'x', scopes: ['gateway'], gatewayPaths: ['wxa/x'] }, /网关/],
  ])('is not made with a grant that makes no sense: %j', async (grant, message) => {
    await expect(fixture.haoma.clients.create(grant as never)).rejects.toThrow(message)
    expect(await fixture.haoma.clients.list()).toEqual([])
  })
})

it('guessing secrets is slowed down by address, and stops nobody who has one', async () => {
  const client = await fixture.haoma.clients.create({ name: 'shop', scopes: ['token'] })
  const from = async (ip: string, secret: string) => {
    const headers = { 'content-type': 'application/json', ...basic({ ...client, clientSecret: secret }) }
    const init = { method: 'POST', headers, body: '{}' }
    return (await fixture.haoma.fetch(new Request(`http://haoma.test${path}`, init), { ip })).status
  }
  expect(await from('203.0.113.7', client.clientSecret)).toBe(200)
  const guess = (i: number) => i.toString(16).padStart(32, '0')
  const statuses = []
  for (let i = 0; i < 25; i += 1) statuses.push(await from('203.0.113.7', guess(i)))
  expect(statuses.filter((status) => status === 401).length).toBeGreaterThan(10)
  expect(statuses.at(-1)).toBe(429)
  expect(await from('203.0.113.7', client.clientSecret)).toBe(200)
  expect(await from('203.0.113.8', guess(1))).toBe(401)
})
