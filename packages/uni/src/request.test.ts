import { expect, it } from 'vitest'
import { createFakePlatform, ok } from '../test/fake-platform.ts'
import { createRequest } from './request.ts'

const url = 'http://shop.test/orders'
const call = 'GET /orders'

function open(...tokens: (string | undefined)[]) {
  const fake = createFakePlatform()
  const failed: (string | undefined)[] = []
  const request = createRequest({
    platform: fake.platform,
    timeoutMs: 1000,
    accessToken: async (failedToken) => {
      failed.push(failedToken)
      return tokens.shift()
    },
  })
  return { ...fake, request, failed }
}

it('is sent once, with the session and its own headers', async () => {
  const { request, serve, requests } = open('a', 'b')
  serve(call, ok(['tea']))
  expect(await request({ url, header: { 'x-shop': '1' } })).toEqual({ status: 200, data: ['tea'] })
  expect(requests.map(({ headers }) => headers)).toEqual([{ 'x-shop': '1', authorization: 'Bearer a' }])
})

it('is sent again with a new token after 401, and no third time', async () => {
  const { request, serve, requests, failed } = open('a', 'b')
  serve(call, { status: 401, body: 'no' })
  expect(await request({ url })).toEqual({ status: 401, data: 'no' })
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer a', 'Bearer b'])
  expect(failed).toEqual([undefined, 'a'])
})

it('goes without a token where nobody is signed in, once', async () => {
  const { request, serve, requests } = open(undefined)
  serve(call, { status: 401, body: 'no' })
  await request({ url })
  expect(requests.map(({ headers }) => headers)).toEqual([{}])
})
