import { problem } from '@haoma/protocol/schemas'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { postgresUnderTest, sqliteUnderTest } from '../../test/support/databases-under-test.ts'
import { type Answer, appid, basic, bearer, type Fixture, startFixture } from '../../test/support/fixture.ts'
import type { DatabaseUnderTest } from '../stores/conformance/databases.ts'
import { type ClientScope, clientScopes } from '../tokens/scopes.ts'

interface Call {
  method: string
  path: string
  example: Record<string, unknown>
  query: string[]
  statuses: string[]
}

// PostgreSQL refuses more than SQLite does, such as a zero byte in a text.
const postgres = await postgresUnderTest(15)
const create = postgres.create ?? sqliteUnderTest

/** Whose number stands in the examples of the document. */
const user = '核对员'
let underTest: DatabaseUnderTest
let fixture: Fixture
let calls: Call[]
let client: { clientId: string; clientSecret: string }
let session: { accessToken: string; refreshToken: string }
let memberId: string
/** Calls that did what was asked of them at least once. */
const done = new Set<string>()

beforeAll(async () => {
  underTest = await create()
  const plenty = { points: 1_000_000, withinS: 60 }
  fixture = await startFixture({
    database: await underTest.open(),
    limits: { 'login.ip': plenty, 'phone.member': plenty, 'phone.openid': plenty, 'merge.member': plenty },
  })
  client = await fixture.haoma.clients.create({
    name: 'shop',
    scopes: Object.keys(clientScopes) as ClientScope[],
  })
  await fixture.wechat.addUser(user, ['13800138000'])
  await signIn()
  const { body: document } = await fixture.get('/openapi.json')
  calls = Object.entries<Record<string, Operation>>(document.paths)
    .filter(([path]) => /^\/(v1|cgi-bin|wechat)\//.test(path))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => callOf(path, method, operation)),
    )
})
afterAll(async () => {
  await fixture.close()
  await underTest.dispose()
})

interface Operation {
  requestBody?: { content: Record<string, { example?: Record<string, unknown> }> }
  parameters?: { in: string; name: string }[]
  responses: Record<string, unknown>
}

const callOf = (path: string, method: string, operation: Operation): Call => ({
  method: method.toUpperCase(),
  path,
  example: operation.requestBody?.content['application/json']?.example ?? {},
  query: (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name),
  statuses: Object.keys(operation.responses),
})

/** WeChat logs one user in a hundred times a minute at most, and these tests are quicker than that. */
async function newLoginCode(): Promise<string> {
  await fixture.advance(1_000)
  return fixture.wechat.loginCode(user)
}

async function signIn(): Promise<void> {
  const [loginCode, phoneCode] = await Promise.all([newLoginCode(), fixture.wechat.phoneCode(user)])
  const { body } = await fixture.post('/v1/login', { appid, loginCode, phoneCode })
  session = body.session
  memberId = body.member.id
}

/** What makes a call of the document's examples one that works: codes that were not used, ids and tokens that are there. */
async function working(name: string): Promise<unknown> {
  if (name === 'loginCode') return newLoginCode()
  if (name === 'phoneCode') return fixture.wechat.phoneCode(user)
  const known: Record<string, unknown> = {
    appid,
    refreshToken: session.refreshToken,
    token: session.accessToken,
    secret: client.clientSecret,
    ids: [memberId],
    grant_type: 'client_credential',
    limit: '10',
    reason: '核对',
  }
  return known[name]
}

const odd = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
  fc.constantFrom('', ' ', '\0', '../', '%', "' or 1=1 --", -1, 1e308, [], {}, null),
)
const idLike = fc.oneof(
  fc.constantFrom('%00', '%2e%2e', '0198f3b2-6f0a-7c3e-9a51-3d2c1b0a9f8e', 'a'.repeat(65)),
  fc.string().map(encodeURIComponent),
)

interface Change {
  /** Which field, query or part of the address is made odd; none beyond them. */
  place: number
  value: unknown
  id: string
}

/** The parts of a call that can be odd. */
const partsOf = ({ path, example, query }: Call) => {
  const fields = [...Object.keys(example), ...(path.endsWith('/batch') ? ['reason'] : [])]
  return { fields, names: [...fields, ...query, 'the address'] }
}

async function send(call: Call, change?: Change): Promise<Answer> {
  const { method, path, example, query } = call
  const { fields, names } = partsOf(call)
  const oddName = change && names[change.place % (2 * names.length)]
  const partOf = async (name: string) =>
    name === oddName ? change?.value : ((await working(name)) ?? example[name])
  const body: Record<string, unknown> = {}
  for (const name of fields) body[name] = await partOf(name)
  const search = new URLSearchParams()
  for (const name of query) {
    const value = await partOf(name)
    if (value !== undefined)
      search.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  const ids: Record<string, string> = { appid, id: memberId, path: 'wxa/msg_sec_check' }
  const address = path.replace(/\{(\w+)\}/g, (_, name) =>
    oddName === 'the address' ? (change?.id ?? '') : (ids[name] ?? ''),
  )
  const isOurs = /members|exchange|openid|introspect|access-token|wechat/.test(path)
  const headers = {
    'content-type': 'application/json',
    ...(isOurs ? basic(client) : bearer(session.accessToken)),
  }
  return fixture.send(method, `${address}${query.length > 0 ? `?${search}` : ''}`, {
    headers,
    ...(method !== 'GET' && method !== 'DELETE' && { body: JSON.stringify(body) }),
  })
}

/** The answer is one of those in the document, and an error is one in the form of its surface. */
async function check(call: Call, answer: Answer): Promise<void> {
  const name = `${call.method} ${call.path}`
  const text = `${name} ${JSON.stringify(answer.body)}`
  expect(answer.status, text).toBeLessThan(500)
  // An address with a slash or with dots too many is another call's, or that of the root, which leads to the docs.
  if (answer.status !== 404 && answer.status !== 302)
    expect(call.statuses, text).toContain(String(answer.status))
  if (answer.status >= 400) expect(problem.parse(answer.body), name).toEqual(answer.body)
  else if (!answer.body?.errcode) done.add(name)
  // Whoever signed out comes in again.
  if (/session|phone|merge/.test(call.path)) await signIn()
}

it('does what signed-in callers ask, where nothing is odd', async () => {
  for (const call of calls) await check(call, await send(call))
  const undone = calls.map(({ method, path }) => `${method} ${path}`).filter((name) => !done.has(name))
  // There is no conflict to join and no provider of SMS; what WeChat says to what the gateway passes on is its own.
  expect(undone.filter((name) => !/sms|merge|wechat/.test(name))).toEqual([])
})

it('answers signed-in callers with what is documented, whatever is left out', async () => {
  for (const call of calls) {
    const { fields, names } = partsOf(call)
    for (const name of [...fields, ...call.query]) {
      await check(call, await send(call, { place: names.indexOf(name), value: undefined, id: '' }))
    }
  }
})

it('answers signed-in callers with what is documented, whatever is odd about one part of a call', async () => {
  const change = fc.record({ place: fc.nat(), value: odd, id: idLike })
  await fc.assert(
    fc.asyncProperty(fc.nat(), change, async (at, what) => {
      const call = calls[at % calls.length] as Call
      await check(call, await send(call, what))
    }),
    { numRuns: 250 },
  )
})
