import { describe, expect, it } from 'vitest'
import { createHostGuard } from './host-names.ts'

describe('the names of the service', () => {
  const guard = createHostGuard(['localhost', '[::1]', 'Login.example.com'], () => 'request-1')

  it.each(['http://localhost:4000/v1/login', 'http://[::1]/', 'https://LOGIN.example.com/x'])(
    'let %s in',
    (url) => {
      expect(guard(new Request(url))).toBeUndefined()
    },
  )

  it.each(['http://evil.example/v1/login', 'http://localhost.evil.example/', 'http://127.0.0.1/'])(
    'keep %s out, and say what to set',
    async (url) => {
      const answer = guard(new Request(url, { headers: { 'accept-language': 'en' } }))
      expect(answer?.status).toBe(421)
      expect(await answer?.json()).toMatchObject({
        code: 'HOST_NOT_ALLOWED',
        requestId: 'request-1',
        detail: expect.stringContaining('HAOMA_ALLOWED_HOSTS'),
      })
    },
  )

  it('are all names when none is given', () => {
    expect(createHostGuard(undefined, () => '')(new Request('http://anything.example/'))).toBeUndefined()
  })
})
