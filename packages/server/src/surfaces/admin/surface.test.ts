import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { joinAs, openBrowser } from '../../../test/support/admin-client.ts'
import { createClient, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { serve } from '../../index.ts'
import { createLogger } from '../../kernel/logger.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture({ metricsToken: 'metrics-token-secret' })
})
afterAll(() => fixture.close())

describe('the administrators’ surface', () => {
  it('is there for listed addresses alone, the client’s own behind a trusted proxy', async () => {
    const { haoma } = await fixture.startAnother({
      admin: { ips: ['192.0.2.0/24', '2001:db8::1'] },
      trustedProxies: ['10.0.0.2'],
    })
    const statusFrom = async (ip: string | undefined, forwardedFor?: string) => {
      const headers: Record<string, string> = forwardedFor ? { 'x-forwarded-for': forwardedFor } : {}
      return (await createClient(haoma, { ip }).get('/admin/v1/session', headers)).body.code
    }
    for (const ip of ['192.0.2.7', '2001:db8::1']) expect(await statusFrom(ip)).toBe('ADMIN_REQUIRED')
    for (const ip of ['198.51.100.1', '127.0.0.1', undefined])
      expect(await statusFrom(ip)).toBe('IP_NOT_ALLOWED')
    expect(await statusFrom('10.0.0.2', '192.0.2.7')).toBe('ADMIN_REQUIRED')
    expect(await statusFrom('10.0.0.2', '192.0.2.7, 198.51.100.1')).toBe('IP_NOT_ALLOWED')
    expect(await statusFrom('198.51.100.1', '192.0.2.7')).toBe('IP_NOT_ALLOWED')
    const signIn = await openBrowser(haoma, { ip: '198.51.100.1' }).enter('/admin/v1/session', {})
    expect(signIn.body.code).toBe('IP_NOT_ALLOWED')
    expect((await createClient(haoma, { ip: '198.51.100.1' }).get('/healthz')).status).toBe(200)
  })

  it('can be kept on an address of its own, where nothing else is', async () => {
    const service = await serve({
      port: 0,
      hostname: '127.0.0.1',
      adminListen: { port: 0, hostname: '127.0.0.1' },
      databaseUrl: ':memory:',
      masterKey: Buffer.alloc(32, 1),
      logger: createLogger('silent'),
    })
    const statusOf = async (base: string, path: string) => (await fetch(`${base}${path}`)).status
    expect(service.adminUrl).not.toBe(service.url)
    expect(await statusOf(service.adminUrl, '/admin/v1/session')).toBe(401)
    for (const path of ['/admin/v1/session', '/console', '/console/']) {
      expect(await statusOf(service.url, path), path).toBe(404)
    }
    expect(await statusOf(service.url, '/healthz')).toBe(200)
    for (const path of ['/healthz', '/v1/me', '/metrics', '/docs', '/openapi.json']) {
      expect(await statusOf(service.adminUrl, path), path).toBe(404)
    }
    await service.close()
    await expect(fetch(`${service.adminUrl}/admin/v1/session`)).rejects.toThrow()
  })

  it('refuses bodies that are no JSON, so that no form of another site is taken for one', async () => {
    const { browser } = await joinAs(fixture.haoma, 'owner')
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fixture.send('POST', '/admin/v1/api-keys', {
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=x&scopes=operator',
    })
    expect(answer.body.code).toBe('UNSUPPORTED_MEDIA_TYPE')
  })

  it('shows what the service runs with, and no secret', async () => {
    const { browser } = await joinAs(fixture.haoma, 'viewer')
    const { body } = await browser.get('/admin/v1/settings')
    expect(body).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+/),
      database: {
        kind: 'sqlite',
        version: expect.stringMatching(/^3\./),
        schema: expect.stringMatching(/^0001/),
      },
      wechat: { hosts: [fixture.wechat.url], isSimulator: true },
    })
    expect(JSON.stringify(body)).not.toContain('metrics-token-secret')
  })
})
