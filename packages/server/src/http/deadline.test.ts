import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { paths } from '../../test/support/simulated-wechat.ts'
import type { Database } from '../stores/database.ts'

/** A database that takes every call and answers none, until it is released. */
function createSlowDatabase() {
  let released: Promise<void> = Promise.resolve()
  let release = () => {}
  const slow = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (of, name) => {
        const value = Reflect.get(of, name)
        if (typeof value === 'object' && value !== null) return slow(value)
        if (typeof value !== 'function' || name === 'close') return value
        return (...args: unknown[]) => released.then(() => value.apply(of, args))
      },
    })
  return {
    wrap: (db: Database) => slow(db),
    hang: () => {
      released = new Promise((resolve) => {
        release = resolve
      })
    },
    release: () => release(),
  }
}

let database: ReturnType<typeof createSlowDatabase>
let fixture: Fixture
beforeEach(async () => {
  database = createSlowDatabase()
  fixture = await startFixture({ wrapDatabase: database.wrap, longestAnswerMs: 100 })
})
afterEach(async () => {
  database.release()
  await fixture.close()
})

const login = async () => ({
  appid,
  loginCode: await fixture.wechat.loginCode('张三'),
  phoneCode: await fixture.wechat.phoneCode('张三'),
})

describe('while the database takes calls and answers none', () => {
  it.each([
    [
      'POST',
      '/v1/session/refresh',
      { refreshToken: `hrt.${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}.1.00000000.${'a'.repeat(43)}` },
    ],
    ['GET', '/admin/v1/session', undefined],
  ])('%s %s is answered, and may be sent again', async (method, path, body) => {
    database.hang()
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer hk_${'0'.repeat(43)}`,
    }
    const answer = await fixture.send(method, path, { headers, ...(body && { body: JSON.stringify(body) }) })
    expect(answer).toMatchObject({ status: 503, body: { code: 'TIMED_OUT', action: 'retry' } })
  })

  it('an SDK that asks for a token is told that WeChat is busy, in its form', async () => {
    database.hang()
    const body = { grant_type: 'client_credential', appid, secret: '0'.repeat(32) }
    const answer = await fixture.post('/cgi-bin/stable_token', body)
    expect(answer).toMatchObject({ status: 200, body: { errcode: -1 } })
  })

  it('a login goes on behind its answer, and the same body finds what came of it', async () => {
    const body = await login()
    database.hang()
    expect((await fixture.post('/v1/login', body)).body.code).toBe('TIMED_OUT')
    database.release()
    const { status } = await until(() => fixture.post('/v1/login', body))
    expect(status).toBe(200)
    expect(await fixture.wechat.calls(paths.phone)).toBe(1)
    expect(await fixture.ledgerOf(body.phoneCode)).toMatchObject({ state: 'used' })
  })
})

it('a body that does not arrive is not waited for', async () => {
  let breakOff = () => {}
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(Buffer.from('{"appid"'))
      breakOff = () => controller.error(new Error('gone'))
    },
  })
  // So written, the search of the log does not wait for the body either.
  const headers = { 'content-type': 'application/JSON' }
  const init = { headers, body, duplex: 'half' } as RequestInit
  expect((await fixture.send('POST', '/v1/login', init)).body.code).toBe('TIMED_OUT')
  breakOff()
})

/** Sends again what may be sent again. */
async function until(ask: Fixture['get'] extends (...args: never[]) => infer A ? () => A : never) {
  for (;;) {
    const answer = await ask()
    if (answer.body.action !== 'retry') return answer
  }
}
