import { createServer } from 'node:net'
import { createSimulator } from '@haoma/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { createFaultyDatabase } from '../../test/support/faulty-database.ts'
import { type Answer, appid, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { apps } from '../../test/support/simulated-wechat.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

/** As somebody on the machine of the service sees it. */
const diagnose = async (fixture: Fixture) => {
  const response = await fixture.haoma.fetch(
    new Request('http://localhost/readyz', { headers: { host: 'localhost:4000' } }),
    { ip: '127.0.0.1' },
  )
  // biome-ignore lint/suspicious/noExplicitAny: read as a client in JavaScript does
  return { status: response.status, body: (await response.json()) as any }
}

const keep = <T extends { close(): Promise<void> }>(one: T): T => {
  opened.push(one)
  return one
}

describe('/healthz', () => {
  it('says that the process is alive, also when nothing else is', async () => {
    const database = createFaultyDatabase()
    const { get } = keep(await startFixture({ wrapDatabase: database.wrap }))
    database.break()
    expect(await get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
  })
})

describe('/readyz', () => {
  it('is ready when the database can be written, and tells an operator of every app', async () => {
    const fixture = keep(await startFixture())
    expect((await fixture.get('/readyz')).body).toEqual({ ready: true, draining: false })
    const { status, body } = await diagnose(fixture)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({ ready: true, degraded: false })
    const names = body.checks.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok])
    expect(names).toEqual([['database', true], ...Object.values(apps).map(() => ['wechat', true])])
  })

  it('stays ready with one app of a wrong secret, and tells only an operator which and why', async () => {
    const fixture = keep(await startFixture({ apps: [apps.shop, { appid, appSecret: 'f'.repeat(32) }] }))
    const stranger = await fixture.get('/readyz')
    expect(stranger).toMatchObject({ status: 200, body: { ready: true } })
    expect(JSON.stringify(stranger.body)).not.toContain(appid)
    const { status, body } = await diagnose(fixture)
    expect(status).toBe(200)
    expect(body).toMatchObject({ ready: true, degraded: true })
    const failing = body.checks.filter(({ ok }: { ok: boolean }) => !ok)
    expect(failing).toHaveLength(1)
    expect(failing[0]).toMatchObject({
      name: 'wechat',
      appid,
      detail: { zh: expect.stringMatching(/\p{Script=Han}.*40125/u), en: expect.stringContaining('40125') },
    })
    expect(JSON.stringify(body)).not.toContain('f'.repeat(32))
  })

  it.each([
    ['from elsewhere', { host: 'localhost' }, '203.0.113.9'],
    ['by another name', { host: 'haoma.example' }, '127.0.0.1'],
    ['through a proxy', { host: 'localhost', 'x-forwarded-for': '203.0.113.9' }, '127.0.0.1'],
    ['unknown', { host: 'localhost' }, undefined],
  ])('tells no details to a caller %s', async (_who, headers, ip) => {
    const { haoma } = keep(await startFixture())
    const response = await haoma.fetch(new Request('http://x/readyz', { headers }), { ip })
    expect(await response.json()).toEqual({ ready: true, draining: false })
  })

  it('is not ready while it drains, and goes on answering', async () => {
    const { haoma, get } = keep(await startFixture())
    haoma.drain()
    expect(await get('/readyz')).toMatchObject({ status: 503, body: { ready: false, draining: true } })
    expect((await get('/healthz')).status).toBe(200)
  })

  it('says since when the database is away, and notices its return', async () => {
    const database = createFaultyDatabase()
    const fixture = keep(await startFixture({ wrapDatabase: database.wrap }))
    const databaseCheck = async () => {
      await fixture.advance(5000)
      return (await diagnose(fixture)).body.checks[0]
    }
    const well = await databaseCheck()
    database.break()
    const away = await databaseCheck()
    expect(away).toMatchObject({ ok: false, detail: { en: expect.stringContaining('database') } })
    expect((await databaseCheck()).since).toBe(away.since)
    database.mend()
    const back = await databaseCheck()
    expect(back.ok).toBe(true)
    expect(Date.parse(well.since)).toBeLessThan(Date.parse(away.since))
    expect(Date.parse(away.since)).toBeLessThan(Date.parse(back.since))
  })
})

describe('when WeChat’s host is down at start', () => {
  it('starts, says what is missing, answers retry, and works by itself when the host is back', async () => {
    const port = await freePort()
    const fixture = keep(
      await startFixture({ wechatHosts: [`http://127.0.0.1:${port}`], wechatTimeoutMs: 1000 }),
    )
    const ready = await diagnose(fixture)
    expect(ready.status).toBe(200)
    expect(ready.body.degraded).toBe(true)
    expect(ready.body.checks.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok])).toContainEqual(
      ['wechat', false],
    )
    expect(ready.body.checks[1].detail.zh).toMatch(/\p{Script=Han}/u)

    const refused = await fixture.post('/v1/login', { appid, loginCode: 'A'.repeat(32) })
    expect(refused.body).toMatchObject({ status: 503, code: 'WECHAT_UNREACHABLE', action: 'retry' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)

    const simulator = keep(await createSimulator({ port }))
    const { code } = (await (
      await fetch(`${simulator.url}/_device/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ appid, user: '李雷' }),
      })
    ).json()) as { code: string }
    const answer = await eventually(() => fixture.post('/v1/login', { appid, loginCode: code }))
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    const isDegraded = async () => {
      await fixture.advance(5000)
      return (await diagnose(fixture)).body.degraded
    }
    await expect.poll(isDegraded, { timeout: 10_000, interval: 200 }).toBe(false)
  })
})

/** Asks again for up to 10 seconds, as long as the answer is 503. */
async function eventually(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask()
    if (answer.status !== 503 || tries === 50) return answer
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
