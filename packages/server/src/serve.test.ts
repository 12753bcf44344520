import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apps, type SimulatedWeChat, startWeChat } from '../test/support/simulated-wechat.ts'
import { createLogger } from './kernel/logger.ts'
import type { ServeOptions } from './options.ts'
import { PortInUseError, serve } from './serve.ts'

let folder: string
let wechat: SimulatedWeChat
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haoma-serve-'))
  wechat = await startWeChat()
})
afterEach(async () => {
  await wechat.close()
  await rm(folder, { recursive: true })
})

const options = (): ServeOptions => ({
  port: 0,
  hostname: '127.0.0.1',
  apps: [apps.single],
  wechatHosts: [wechat.url],
  databaseUrl: `sqlite:${join(folder, 'haoma.db')}`,
  masterKeyFile: join(folder, 'master.key'),
  logger: createLogger('silent'),
})

const login = async (url: string, body: object) =>
  fetch(`${url}/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('serve', () => {
  it('serves logins over HTTP, and knows members and sessions again after a restart', async () => {
    const first = await serve(options())
    const codes = {
      appid: apps.single.appid,
      loginCode: await wechat.loginCode('李雷'),
      phoneCode: await wechat.phoneCode('李雷'),
    }
    // biome-ignore lint/suspicious/noExplicitAny: read as a client in JavaScript does
    const before: any = await (await login(first.url, codes)).json()
    expect(before.member.phone.masked).toBe('135****6666')
    await first.close()

    const second = await serve(options())
    const me = await fetch(`${second.url}/v1/me`, {
      headers: { authorization: `Bearer ${before.session.accessToken}` },
    })
    expect(await me.json()).toEqual({ member: before.member })
    expect(await (await login(second.url, codes)).json()).toMatchObject({ member: before.member })
    await second.close()
  })

  it('names the port that is taken and what to do, and leaves nothing open', async () => {
    const first = await serve(options())
    const taken = serve({ ...options(), port: first.port })
    await expect(taken).rejects.toThrow(PortInUseError)
    await expect(taken).rejects.toThrow(new RegExp(`${first.port}.*HAOMA_PORT.*/.*HAOMA_PORT`))
    await first.close()
    const again = await serve({ ...options(), port: first.port })
    await again.close()
  })

  it('lets a login that is running end before it closes', async () => {
    const running = await serve(options())
    await wechat.fault({ kind: 'latency', latencyMs: 300 })
    const answer = login(running.url, {
      appid: apps.single.appid,
      loginCode: await wechat.loginCode('李雷'),
      phoneCode: await wechat.phoneCode('李雷'),
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await running.close()
    expect((await answer).status).toBe(200)
  })

  it('keeps numbers, codes and secrets out of the database file and the log', async () => {
    const lines: string[] = []
    const running = await serve({
      ...options(),
      logger: createLogger('trace', { write: (line) => void lines.push(line) }),
    })
    const body = {
      appid: apps.single.appid,
      loginCode: await wechat.loginCode('李雷'),
      phoneCode: await wechat.phoneCode('李雷'),
    }
    // biome-ignore lint/suspicious/noExplicitAny: read as a client in JavaScript does
    const { session }: any = await (await login(running.url, body)).json()
    await login(running.url, { ...body, phoneCode: 'ab'.repeat(32) })
    await wechat.fault({ kind: 'drop-after', count: 1 })
    const unheard = { ...body, loginCode: await wechat.loginCode('李雷') }
    await login(running.url, unheard)
    await wechat.fault({ kind: 'garbage', count: 1 })
    await login(running.url, { ...body, loginCode: await wechat.loginCode('李雷') })
    await fetch(`${running.url}/v1/me?access_token=${session.accessToken}`, {
      headers: { authorization: `Bearer ${session.accessToken}x` },
    })
    await running.close()

    const secrets = [
      '13580006666',
      body.loginCode,
      body.phoneCode,
      unheard.loginCode,
      'ab'.repeat(32),
      session.accessToken,
      session.refreshToken,
      apps.single.appSecret,
    ]
    const log = lines.join('')
    expect(lines.length).toBeGreaterThan(5)
    for (const file of ['haoma.db', 'haoma.db-wal']) {
      const stored = await readFile(join(folder, file)).catch(() => Buffer.alloc(0))
      for (const secret of secrets) expect(stored.includes(secret), file).toBe(false)
    }
    for (const secret of secrets) expect(log.includes(secret), secret.slice(0, 8)).toBe(false)
  })
})
