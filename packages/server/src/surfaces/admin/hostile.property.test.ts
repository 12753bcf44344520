import { problem } from '@haoma/protocol/schemas'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { joinAs } from '../../../test/support/admin-client.ts'
import { postgresUnderTest, sqliteUnderTest } from '../../../test/support/databases-under-test.ts'
import { type Answer, type Fixture, startFixture } from '../../../test/support/fixture.ts'
import type { DatabaseUnderTest } from '../../stores/conformance/databases.ts'

interface Call {
  method: string
  path: string
  example: Record<string, unknown>
  query: string[]
}

// PostgreSQL refuses more than SQLite does, such as a zero byte in a text.
const postgres = await postgresUnderTest(15)
const create = postgres.create ?? sqliteUnderTest

let underTest: DatabaseUnderTest
let fixture: Fixture
let calls: Call[]
let headers: Record<string, string>
beforeAll(async () => {
  underTest = await create()
  fixture = await startFixture({ database: await underTest.open() })
  const { browser, admin } = await joinAs(fixture.haoma, 'owner')
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const { body: session } = await browser.get('/admin/v1/session')
  expect(session.admin.id).toBe(admin.id)
  headers = { cookie, 'x-haoma-csrf': session.csrf, 'content-type': 'application/json' }
  const { body: document } = await fixture.get('/openapi.json')
  calls = Object.entries<Record<string, never>>(document.paths)
    .filter(([path]) => path.startsWith('/admin/'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => callOf(path, method, operation)),
    )
    // It ends the session that the others are made with.
    .filter(({ method, path }) => !(method === 'DELETE' && path === '/admin/v1/session'))
    // An answer without an end is not waited for.
    .filter(({ path }) => !/(live|stream)$/.test(path))
})
afterAll(async () => {
  await fixture.close()
  await underTest.dispose()
})

interface Operation {
  requestBody?: { content: Record<string, { example?: Record<string, unknown> }> }
  parameters?: { in: string; name: string }[]
}

function callOf(path: string, method: string, { requestBody, parameters = [] }: Operation): Call {
  return {
    method: method.toUpperCase(),
    path,
    example: requestBody?.content['application/json']?.example ?? {},
    query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
  }
}

const odd = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
  fc.constantFrom('', ' ', '\0', '../', '%', "' or 1=1 --", '=1+1', -1, 1e308, [], {}, null),
)
const idLike = fc.oneof(
  fc.constantFrom('none', '%00', '%2e%2e', '%', '0198f3b2-6f0a-7c3e-9a51-3d2c1b0a9f8e', 'a'.repeat(65)),
  fc.string().map(encodeURIComponent),
)
const pick = fc.nat().map((n) => calls[n % calls.length] as Call)

it('answers any body, address and query of an owner with what is documented, never with a fault of ours', async () => {
  const request = fc.tuple(
    pick,
    idLike,
    fc.nat(),
    odd,
    fc.oneof({ weight: 1, arbitrary: fc.jsonValue() }, { weight: 4, arbitrary: fc.constant(undefined) }),
  )
  await fc.assert(
    fc.asyncProperty(request, async ([call, id, place, value, whole]) => {
      const names = Object.keys(call.example)
      const changed = names.length === 0 ? {} : { [names[place % names.length] as string]: value }
      const nearly = { ...call.example, ...changed }
      const name = call.query[place % Math.max(1, call.query.length)]
      const query = name === undefined ? '' : `?${name}=${encodeURIComponent(String(value))}`
      const answer = await fixture.send(call.method, call.path.replace(/\{\w+\}/g, id) + query, {
        headers,
        ...(call.method !== 'GET' && call.method !== 'DELETE' && { body: JSON.stringify(whole ?? nearly) }),
      })
      expectSane(answer, `${call.method} ${call.path}`)
    }),
    { numRuns: 600 },
  )
})

function expectSane(answer: Answer, call: string): void {
  expect(answer.status, `${call} ${JSON.stringify(answer.body)}`).toBeLessThan(500)
  if (answer.status >= 400) expect(problem.parse(answer.body), call).toEqual(answer.body)
}
