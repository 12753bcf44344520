import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKeyHeaders, signedInAs } from '../../../test/support/admin-client.ts'
import { type Answer, basic, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import { reaches } from '../../admin/roles.ts'
import type { AdminRole } from '../../stores/admin-store.ts'

interface Operation {
  key: string
  path: string
  method: string
  least: AdminRole | 'anybody'
  audits: readonly string[]
  security: Record<string, string[]>[]
}

let fixture: Fixture
let calls: Operation[]
beforeAll(async () => {
  fixture = await startFixture()
  const { body } = await fixture.get('/openapi.json')
  interface Documented {
    security: Operation['security']
    'x-haoma-least-role': Operation['least']
    'x-haoma-audits': Operation['audits']
  }
  calls = Object.entries<Record<string, Documented>>(body.paths)
    .filter(([path]) => path.startsWith('/admin/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        key: `${method.toUpperCase()} ${path}`,
        path,
        method: method.toUpperCase(),
        least: operation['x-haoma-least-role'],
        audits: operation['x-haoma-audits'],
        security: operation.security,
      })),
    )
})
afterAll(() => fixture.close())

const send = ({ method, path }: Operation, headers: Record<string, string>): Promise<Answer> =>
  fixture.send(method, path.replace(/\{\w+\}/g, 'none'), {
    headers: { 'content-type': 'application/json', ...headers },
    ...(method !== 'GET' && method !== 'DELETE' && { body: '{}' }),
  })
const guarded = () => calls.filter(({ least }) => least !== 'anybody')
const isRefused = ({ status }: Answer) => status === 401 || status === 403

describe('every call of administrators', () => {
  it('names its least role and what it writes into the audit', () => {
    expect(calls.length).toBeGreaterThan(0)
    for (const { key, least, audits } of calls) {
      expect(['anybody', 'viewer', 'operator', 'owner'], key).toContain(least)
      expect(audits, key).toBeInstanceOf(Array)
    }
  })

  it('says in the document what the router enforces', () => {
    for (const { key, least, security } of calls) {
      const ways = security.flatMap((way) => Object.entries(way))
      for (const [, [role]] of ways) expect(role, key).toBe(least)
      const schemes = ways.map(([scheme]) => scheme).join(' ')
      const possible = { anybody: [''], owner: ['adminSession'] }[least as string]
      expect(possible ?? ['adminSession', 'adminSession apiKey'], key).toContain(schemes)
    }
  })

  it.each(['viewer', 'operator', 'owner'] as const)(
    'lets a %s do what the role may, and no more',
    async (role) => {
      for (const call of guarded()) {
        // A call may end the session that it is made with.
        const { headers } = await signedInAs(fixture, role)
        const answer = await send(call, headers)
        const isLetIn = answer.body?.code !== 'ADMIN_FORBIDDEN'
        expect(isLetIn, call.key).toBe(reaches(role, call.least as AdminRole))
        expect(answer.status, call.key).toBeLessThan(500)
      }
    },
  )

  it.each([
    ['metrics', null],
    ['viewer', 'viewer'],
    ['operator', 'operator'],
  ] as const)(
    'lets an API key of scope %s do what that role may, and never what owners may',
    async (scope, role) => {
      const headers = await apiKeyHeaders(fixture, [scope])
      for (const call of guarded()) {
        const answer = await send(call, headers)
        const isForKeys = call.security.some((way) => 'apiKey' in way)
        const mayCall = isForKeys && reaches(role, call.least as AdminRole)
        expect(answer.body?.code !== 'ADMIN_FORBIDDEN', call.key).toBe(mayCall)
      }
    },
  )

  it('is refused without credentials, and with those of somebody else', async () => {
    const { headers } = await signedInAs(fixture, 'owner')
    const client = basic(await fixture.haoma.clients.create({ name: 'back end', scopes: ['member:read'] }))
    const wrong: Record<string, string>[] = [
      {},
      { cookie: 'haoma-admin=' },
      { cookie: `haoma-admin=${'x'.repeat(43)}` },
      { cookie: `__Host-${headers.cookie}`, 'x-haoma-csrf': headers['x-haoma-csrf'] },
      { ...headers, authorization: 'Bearer hk_nothing' },
      { authorization: `Bearer ${headers.cookie.split('=')[1]}` },
      client,
    ]
    for (const call of guarded()) {
      for (const shown of wrong) {
        const answer = await send(call, shown)
        expect(answer, call.key).toMatchObject({ status: 401, body: { code: 'ADMIN_REQUIRED' } })
      }
    }
  })

  it('that changes something is refused to a session without its CSRF token', async () => {
    const [own, other] = [await signedInAs(fixture, 'owner'), await signedInAs(fixture, 'owner')]
    const { cookie } = own.headers
    const tokens = [undefined, '', 'x', other.headers['x-haoma-csrf'], cookie.split('=')[1]]
    for (const call of guarded().filter(({ method }) => method !== 'GET')) {
      for (const token of tokens) {
        const answer = await send(call, { cookie, ...(token !== undefined && { 'x-haoma-csrf': token }) })
        expect(answer, call.key).toMatchObject({ status: 403, body: { code: 'CSRF_FAILED' } })
      }
    }
  })

  it('is not let in because it comes from this very machine', async () => {
    for (const call of guarded()) {
      const request = new Request(`http://127.0.0.1:4000${call.path}`, {
        method: call.method,
        headers: { host: '127.0.0.1:4000', 'content-type': 'application/json' },
      })
      expect((await fixture.haoma.fetch(request, { ip: '127.0.0.1' })).status, call.key).toBe(401)
    }
  })

  it('answers with nothing that is stored, framed or shared with other sites', async () => {
    const { headers } = await signedInAs(fixture, 'viewer')
    const answer = await fixture.get('/admin/v1/session', { ...headers, origin: 'https://evil.example' })
    expect(isRefused(answer)).toBe(false)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})
