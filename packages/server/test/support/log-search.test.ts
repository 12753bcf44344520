import { describe, expect, it } from 'vitest'
import { createLogSearch } from './log-search.ts'

const body = { phoneCode: 'c'.repeat(64), client: { ticket: 't'.repeat(20) } }
const request = () =>
  new Request('http://haoma.test/', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${'b'.repeat(30)}` },
  })
const answer = { session: { refreshToken: 'r'.repeat(30) }, phone: { number: '+8613812345678' } }

describe('the search of logs', () => {
  it('lets the request through as it was', async () => {
    const echo = createLogSearch().watch(async (given) => Response.json(await given.json()))
    expect(await (await echo(request())).json()).toEqual(body)
  })

  it.each([
    ['a code of the request', body.phoneCode],
    ['a field further in', body.client.ticket],
    ['the credentials', 'b'.repeat(30)],
    ['a token of the answer', answer.session.refreshToken],
    ['a number of the answer', 'at "+8613812345678"'],
    ['any full number', 'user 13800138000 signed in'],
    ['one with its country', '{"x":"8613800138000"}'],
  ])('finds %s, and does not repeat it', async (_name, leak) => {
    const search = createLogSearch()
    await search.watch(async () => Response.json(answer))(request())
    expect(() => search.check(`{"msg":"fine"}\n{"msg":"${leak}"}`)).toThrow(/^the log holds a/)
    expect(() => search.check(leak)).not.toThrow(leak)
  })

  it('takes masked numbers, times and ids for what they are', () => {
    const log = '{"time":1764096000000,"phone":"138****8000","id":"0198f3b2-6f0a-7c3e-9a51-13800138000f"}'
    expect(() => createLogSearch().check(log)).not.toThrow()
  })
})
