import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, joinAs } from '../../test/support/admin-client.ts'
import { bearer, createClient, type Fixture, startFixture } from '../../test/support/fixture.ts'

let fixture: Fixture
let owner: Browser
beforeAll(async () => {
  fixture = await startFixture({ apps: [] })
  owner = (await joinAs(fixture.haoma, 'owner')).browser
})
afterAll(() => fixture.close())

const create = async (body: Record<string, unknown>) =>
  (await owner.post('/admin/v1/api-keys', { name: 'ops', ...body })).body

describe('an API key', () => {
  it('is shown once; what is stored and listed cannot be used', async () => {
    const { apiKey, secret } = await create({ scopes: ['viewer', 'viewer'] })
    expect(secret).toMatch(/^hk_[\w-]{43}$/)
    expect(apiKey).toMatchObject({ scopes: ['viewer'], hint: secret.slice(3, 7), revokedAt: null })
    const listed = JSON.stringify((await owner.get('/admin/v1/api-keys')).body)
    const stored = JSON.stringify(await fixture.db.apiKeys.list())
    for (const text of [listed, stored, JSON.stringify(await fixture.db.audit.list(5))]) {
      expect(text).not.toContain(secret.slice(7))
    }
  })

  it('reads what a viewer reads, changes what an operator may, and ends in every process at once', async () => {
    const other = createClient((await fixture.startAnother()).haoma)
    const { apiKey, secret } = await create({ scopes: ['viewer'] })
    expect((await other.get('/admin/v1/audit', bearer(secret))).status).toBe(200)
    expect((await owner.send('DELETE', `/admin/v1/api-keys/${apiKey.id}`)).status).toBe(204)
    expect((await other.get('/admin/v1/audit', bearer(secret))).status).toBe(401)
    expect((await owner.send('DELETE', `/admin/v1/api-keys/${apiKey.id}`)).body.code).toBe('NOT_THERE')
  })

  it('ends by itself when it was made to', async () => {
    const { secret } = await create({ scopes: ['viewer'], expiresInS: 60 })
    expect((await fixture.get('/admin/v1/audit', bearer(secret))).status).toBe(200)
    await fixture.advance(60_000)
    expect((await fixture.get('/admin/v1/audit', bearer(secret))).status).toBe(401)
  })

  it.each([
    [['metrics'], 200, false],
    [['viewer'], 200, true],
    [['operator'], 200, true],
  ] as const)(
    'of the scopes %j opens the metrics, and the details of readiness to roles alone',
    async (scopes, status, sees) => {
      const { secret } = await create({ scopes })
      expect((await fixture.get('/metrics', bearer(secret))).status).toBe(status)
      expect((await fixture.get('/readyz', bearer(secret))).body.checks !== undefined).toBe(sees)
      expect((await fixture.get('/metrics', bearer(`${secret}x`))).status).toBe(404)
    },
  )

  it('that nobody has is guessed twenty times a minute from one address', async () => {
    const guesser = createClient(fixture.haoma, { ip: '198.51.100.7' })
    const guess = () => guesser.get('/admin/v1/audit', bearer(`hk_${'x'.repeat(43)}`))
    for (let at = 0; at < 20; at += 1) expect((await guess()).status).toBe(401)
    expect((await guess()).body.code).toBe('RATE_LIMITED')
  })

  it('names itself in the audit', async () => {
    const { apiKey, secret } = await create({ scopes: ['viewer'] })
    await fixture.get('/admin/v1/audit/export', bearer(secret))
    const { items } = (await owner.get('/admin/v1/audit?limit=1')).body
    expect(items[0]).toMatchObject({
      actorKind: 'api-key',
      actorId: apiKey.id,
      actorName: 'ops',
      action: 'audit.export',
    })
  })
})
