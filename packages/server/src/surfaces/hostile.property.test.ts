import { problem } from '@haoma/protocol/schemas'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Answer, appid, type Fixture, startFixture } from '../../test/support/fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.close())

/** Bodies that are nearly right are the ones that get far. */
const odd = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
  fc.constantFrom('', ' ', '\0', '../', "' or 1=1 --"),
)
const codeLike = fc.oneof(
  odd,
  fc.stringMatching(/^[0-9A-Za-z]{32}$/),
  fc.stringMatching(/^[0-9a-f]{64}$/),
  fc.string({ minLength: 500, maxLength: 600 }),
)
const body = fc.oneof(
  { weight: 1, arbitrary: fc.jsonValue() },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        appid: fc.oneof(odd, fc.constant(appid)),
        loginCode: codeLike,
        phoneCode: codeLike,
        component: fc.oneof(odd, fc.constantFrom('quick', 'realtime')),
        refreshToken: fc.oneof(odd, fc.constant('hrt.00000000-0000-7000-8000-000000000000.1.00000000.')),
        __proto__: odd,
        constructor: odd,
      },
      { requiredKeys: [] },
    ),
  },
)

const path = fc.constantFrom('/v1/login', '/v1/phone', '/v1/session/refresh')
const headerText = fc.stringMatching(/^[ -~]{0,200}$/)

it('answers any body with a problem document of the caller’s, never with a fault of ours', async () => {
  await fc.assert(
    fc.asyncProperty(path, body, async (to, what) => {
      expectProblem(await fixture.post(to, what))
    }),
    { numRuns: 300 },
  )
})

it('answers any headers and any bytes likewise', async () => {
  const request = fc.record({
    to: path,
    bytes: fc.uint8Array({ maxLength: 400 }),
    authorization: fc.oneof(
      headerText,
      headerText.map((text) => `Bearer ${text}`),
    ),
    'content-type': fc.oneof(headerText, fc.constant('application/json; charset=x')),
    'accept-language': headerText,
    'x-request-id': headerText,
  })
  await fc.assert(
    fc.asyncProperty(request, async ({ to, bytes, ...headers }) => {
      expectProblem(await fixture.send('POST', to, { headers, body: Buffer.from(bytes) }))
    }),
    { numRuns: 300 },
  )
})

it('answers any address likewise', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.webPath(),
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
      async (to, method) => {
        const answer = await fixture.send(method, `/v1${to}`)
        if (answer.status !== 200) expectProblem(answer)
      },
    ),
    { numRuns: 200 },
  )
})

function expectProblem(answer: Answer): void {
  expect(answer.status, JSON.stringify(answer.body)).toBeGreaterThanOrEqual(400)
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500)
  expect(problem.parse(answer.body)).toEqual(answer.body)
}
