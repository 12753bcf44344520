import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, appid, basic, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { openApiPath } from '../http/documented.ts'
import { type ClientScope, clientScopeNames } from '../tokens/scopes.ts'

interface Operation {
  key: string
  path: string
  method: string
  security?: Record<string, string[]>[]
  operationId: string
}

let fixture: Fixture
let operations: Operation[]
beforeAll(async () => {
  fixture = await startFixture()
  const { body } = await fixture.get('/openapi.json')
  operations = Object.entries<Record<string, Omit<Operation, 'key' | 'path' | 'method'>>>(body.paths).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        key: `${method.toUpperCase()} ${path}`,
        path,
        method: method.toUpperCase(),
        ...operation,
      })),
  )
})
afterAll(() => fixture.close())

describe('every route', () => {
  it('stands in the OpenAPI document, and nothing else does', () => {
    const routed = fixture.haoma.surfaces
      .flatMap(({ router }) => router.routes)
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${openApiPath(path)}`)
    expect([...new Set(routed)].sort()).toEqual(operations.map(({ key }) => key).sort())
    expect(routed.length).toBeGreaterThan(15)
  })

  it('says who may call it, by a scheme of the document', async () => {
    const { body } = await fixture.get('/openapi.json')
    for (const { key, security } of operations) {
      expect(security, key).toBeInstanceOf(Array)
      for (const scheme of (security ?? []).flatMap((way) => Object.keys(way))) {
        expect(Object.keys(body.components.securitySchemes), key).toContain(scheme)
      }
    }
  })

  it('of back ends has the scope that this table gives it', () => {
    const byScope: Record<string, string[]> = {}
    for (const { key, security = [] } of operations) {
      const [scope] = security.flatMap((way) => way.client ?? way.clientAsAppSecret ?? [])
      if (scope !== undefined) byScope[scope] = [...(byScope[scope] ?? []), key].sort()
    }
    expect(byScope).toEqual({
      exchange: ['POST /v1/exchange', 'POST /v1/openid'],
      gateway: ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'].map((method) => `${method} /wechat/{appid}/{path}`),
      introspect: ['POST /v1/introspect'],
      'member:read': [
        'GET /v1/members',
        'GET /v1/members/{id}',
        'POST /v1/members/batch',
        'POST /v1/members/lookup',
      ],
      token: [
        'GET /cgi-bin/token',
        'POST /cgi-bin/stable_token',
        'POST /cgi-bin/token',
        'POST /v1/apps/{appid}/access-token',
      ],
    })
  })

  it('that names the scheme of clients names one scope that there is', () => {
    for (const { key, security = [] } of operations) {
      const scopes = security.flatMap((way) => way.client ?? way.clientAsAppSecret ?? [])
      if (scopes.length === 0) continue
      expect(scopes, key).toHaveLength(1)
      expect(clientScopeNames, key).toContain(scopes[0])
    }
  })

  it('has an operation id of its own', () => {
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  })
})

describe('a call of back ends', () => {
  const calls = () =>
    operations.filter(({ security = [] }) => security.some((way) => way.client !== undefined))
  const send = ({ method, path }: Operation, headers: Record<string, string>): Promise<Answer> => {
    const address = path.replace('{appid}', appid).replace('{id}', 'm1').replace('{path}', 'wxa/x')
    const body = method === 'GET' ? undefined : '{}'
    return fixture.send(method, address, {
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    })
  }
  const withScopes = async (scopes: readonly ClientScope[]) =>
    basic(await fixture.haoma.clients.create({ name: 'back end', scopes }))

  it('is refused without the scope that it names, whatever others the client has', async () => {
    expect(calls().length).toBeGreaterThan(5)
    for (const call of calls()) {
      const needed = call.security?.[0]?.client?.[0]
      const others = await withScopes(clientScopeNames.filter((scope) => scope !== needed))
      expect(await send(call, others), call.key).toMatchObject({
        status: 403,
        body: { code: 'SCOPE_MISSING', action: 'give-up' },
      })
    }
  })

  it('is let in with that scope alone', async () => {
    for (const call of calls()) {
      const needed = call.security?.[0]?.client?.[0] as ClientScope
      const answer = await send(call, await withScopes([needed]))
      expect(answer.body?.code, call.key).not.toBe('SCOPE_MISSING')
      expect(answer.status, call.key).not.toBe(401)
      expect(answer.status, call.key).toBeLessThan(500)
    }
  })

  it('is refused without credentials, and with those of somebody else', async () => {
    const { clientId, clientSecret } = await fixture.haoma.clients.create({
      name: 'back end',
      scopes: clientScopeNames,
    })
    const other = await fixture.haoma.clients.create({ name: 'other', scopes: ['token'] })
    const wrong: Record<string, string>[] = [
      {},
      { authorization: 'Bearer x' },
      { authorization: 'Basic !' },
      basic({ clientId, clientSecret: '0'.repeat(32) }),
      basic({ clientId: other.clientId, clientSecret }),
      basic({ clientId: '', clientSecret }),
    ]
    for (const call of calls()) {
      for (const headers of wrong) {
        const answer = await send(call, headers)
        expect(answer, call.key).toMatchObject({ status: 401, body: { code: 'CLIENT_REQUIRED' } })
        expect(answer.headers.get('www-authenticate')).toBe('Basic realm="haoma"')
      }
    }
  })

  it('of the token paths is refused by scope in WeChat’s own words', async () => {
    const { clientSecret } = await fixture.haoma.clients.create({
      name: 'back end',
      scopes: clientScopeNames.filter((scope) => scope !== 'token'),
    })
    const body = { grant_type: 'client_credential', appid, secret: clientSecret }
    expect((await fixture.post('/cgi-bin/stable_token', body)).body.errcode).toBe(48001)
    expect((await fixture.get(`/cgi-bin/token?${new URLSearchParams(body)}`)).body.errcode).toBe(48001)
  })
})

describe('what is for operators', () => {
  it('is not opened by the secret of a back end, whatever its scopes', async () => {
    const client = await fixture.haoma.clients.create({ name: 'back end', scopes: clientScopeNames })
    for (const headers of [basic(client), { authorization: `Bearer ${client.clientSecret}` }]) {
      const metrics = await fixture.get('/metrics', headers)
      expect({ status: metrics.status, isTold: String(metrics.body).includes('haoma_') }).toEqual({
        status: 404,
        isTold: false,
      })
      expect(JSON.stringify((await fixture.get('/readyz', headers)).body)).not.toContain(appid)
    }
  })
})
