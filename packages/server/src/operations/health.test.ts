import { createServer } from 'node:net'
import { createSimulator } from '@haoma/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { createFaultyDatabase } from '../../test/support/faulty-database.ts'
import { type Answer, appid, startFixture } from '../../test/support/fixture.ts'
import { apps } from '../../test/support/simulated-wechat.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

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
  it('is ready when the database answers and every app gets a token', async () => {
    const { get } = keep(await startFixture())
    const { status, body } = await get('/readyz')
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.ready).toBe(true)
    expect(
      body.checks.map(({ name, appid: of, ok }: { name: string; appid?: string; ok: boolean }) => [
        name,
        of,
        ok,
      ]),
    ).toEqual([
      ['database', undefined, true],
      ...Object.values(apps).map((app) => ['wechat', app.appid, true]),
    ])
  })

  it('names the app whose secret is wrong, and why, in both languages', async () => {
    const { get } = keep(await startFixture({ apps: [apps.shop, { appid, appSecret: 'f'.repeat(32) }] }))
    const { status, body } = await get('/readyz')
    expect(status).toBe(503)
    const failing = body.checks.filter(({ ok }: { ok: boolean }) => !ok)
    expect(failing).toHaveLength(1)
    expect(failing[0]).toMatchObject({
      name: 'wechat',
      appid,
      detail: { zh: expect.stringMatching(/\p{Script=Han}.*40125/u), en: expect.stringContaining('40125') },
    })
    expect(JSON.stringify(body)).not.toContain('f'.repeat(32))
  })

  it('says since when the database is away, and notices its return', async () => {
    const database = createFaultyDatabase()
    const { get, advance } = keep(await startFixture({ wrapDatabase: database.wrap }))
    const databaseCheck = async () => {
      await advance(5000)
      return (await get('/readyz')).body.checks[0]
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
    const ready = await fixture.get('/readyz')
    expect(ready.status).toBe(503)
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
    const back = await eventually(() => fixture.get('/readyz'))
    expect(back.status, JSON.stringify(back.body)).toBe(200)
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
