import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator, type Simulator } from '@haoma/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { haomaMain, runProgram } from './support/haoma-command.ts'
import { type Product, startProduct } from './support/product.ts'

const appid = 'wx5f0a3c9e7b1d2468'
const appSecret = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'
const user = '李雷'

let simulator: Simulator
let product: Product
let env: Record<string, string>
beforeAll(async () => {
  simulator = await createSimulator()
  // A real service as far as it can tell: it waits for its first app.
  env = { NODE_ENV: 'production', HAOMA_WECHAT_HOSTS: simulator.url }
  product = await startProduct(env)
})
afterAll(async () => {
  await product.stop()
  await simulator.close()
})

const haoma = (args: readonly string[], stdin = '', more: Record<string, string> = {}) =>
  runProgram([process.execPath, haomaMain, ...args], { cwd: product.folder, env: { ...env, ...more }, stdin })
const json = async (args: readonly string[], stdin?: string) => {
  const { code, stdout, stderr } = await haoma([...args, '--json'], stdin)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}
const login = () =>
  fetch(`${product.serviceUrl}/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      appid,
      loginCode: simulator.device.login({ appid, user }).code,
      phoneCode: simulator.device.phone({ appid, user, component: 'quick', answer: 'allow' }).code,
      component: 'quick',
    }),
  })

describe('haoma app', () => {
  it('adds an app beside the running service, which lets people in by it', async () => {
    expect(product.output()).toContain('haoma app add')
    const added = await json(['app', 'add', appid, '--name', '商城'], `${appSecret}\n`)
    expect(added).toMatchObject({ appid, added: true, check: { isOk: true } })
    await expect.poll(async () => (await login()).status, { timeout: 15_000 }).toBe(200)
    expect(await json(['app', 'list'])).toEqual([
      { appid, kind: 'mp-weixin', name: '商城', source: 'database', secretFrom: 'database', enabled: true },
    ])
    expect(product.output()).not.toContain(appSecret)
  })

  it('says what is wrong with a secret, and stores none', async () => {
    for (const [stdin, part] of [
      ['', 'AppSecret'],
      ['not-a-secret', '32'],
    ]) {
      const { code, stderr } = await haoma(['app', 'add', 'wx00000000000000ff'], stdin)
      expect(code).toBe(1)
      expect(stderr).toContain(part)
      expect(stderr).not.toContain('    at ')
    }
    const again = await haoma(['app', 'add', appid], appSecret)
    expect(again.code).toBe(1)
    expect(await json(['app', 'list'])).toHaveLength(1)
  })

  it('changes the secret, checks it, and ends with 1 while WeChat refuses it', async () => {
    const wrong = await json(['app', 'secret', appid], 'f'.repeat(32))
    expect(wrong).toMatchObject({ changed: true, check: { isOk: false } })
    const checked = await haoma(['app', 'check', appid, '--json'])
    expect(checked.code).toBe(1)
    expect(JSON.parse(checked.stdout).items).toContainEqual(
      expect.objectContaining({ name: 'secret', state: 'failed' }),
    )
    expect(await json(['app', 'secret', appid], appSecret)).toMatchObject({ check: { isOk: true } })
  })

  it('switches an app off and on in the running service', async () => {
    await json(['app', 'disable', appid])
    await expect.poll(async () => (await login()).status, { timeout: 15_000 }).not.toBe(200)
    await json(['app', 'enable', appid])
    await expect.poll(async () => (await login()).status, { timeout: 15_000 }).toBe(200)
    const unknown = await haoma(['app', 'disable', 'wx00000000000000ff'])
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('haoma app list') })
  })

  it('makes the next start a real one', async () => {
    // Without hosts and NODE_ENV it would be the simulator's; nothing is asked of WeChat by looking.
    const other = await startProduct({ NODE_ENV: '', HAOMA_WECHAT_HOSTS: simulator.url }, product.folder)
    try {
      expect(other.output()).toContain(appid)
      expect(other.output()).not.toContain('anybody can be anybody')
    } finally {
      await other.interrupt()
    }
  })

  it('makes no database by looking for apps, and no master key by reading the ledger', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'haoma-e2e-'))
    try {
      const ran = await runProgram([process.execPath, haomaMain, 'ledger', '--json'], { cwd: folder })
      expect(JSON.parse(ran.stdout)).toEqual({ totals: [] })
      const made = await readdir(join(folder, '.haoma'))
      expect(made.filter((name) => /\.(?:db|key)$/.test(name))).toEqual(['simulator.db'])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('haoma ledger', () => {
  it('tells what consents came to, by app, component and state', async () => {
    const used = async (...args: string[]) =>
      (await json(['ledger', ...args])).totals.find(({ state }: { state: string }) => state === 'used')
    const before = await used()
    expect([(await login()).status, (await login()).status]).toEqual([200, 200])
    const after = await used()
    expect(after).toEqual({
      appid,
      component: 'quick',
      state: 'used',
      entries: before.entries + 2,
      li: expect.any(Number),
    })
    const month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7)
    expect(await used('--month', month)).toEqual(after)
    expect(await json(['ledger', '--month', '2020-01'])).toEqual({ totals: [] })
    const wrong = await haoma(['ledger', '--month', '2026-13'])
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('2026-11') })
    const { stdout } = await haoma(['ledger'])
    expect(stdout).toMatch(/合计 Total .*\d 次 · \d+\.\d{3} 元 CNY/)
  })
})

describe('haoma key', () => {
  it('lists, rotates and revokes signing keys', async () => {
    const [signing] = await json(['key', 'list'])
    expect(signing).toMatchObject({ alg: 'ES256', state: 'signing' })
    const next = await json(['key', 'rotate'])
    expect(next.state).toBe('next')
    expect(await json(['key', 'revoke', signing.kid])).toEqual({ kid: signing.kid, revoked: true })
    const published = async () => {
      const answer = await fetch(`${product.serviceUrl}/.well-known/jwks.json`)
      return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
    }
    await expect.poll(published, { timeout: 15_000 }).toEqual([next.kid])
    expect(await haoma(['key', 'revoke', 'none'])).toMatchObject({ code: 1 })
  })
})

describe('haoma api-key', () => {
  it('makes a key that works at once, and ends it', async () => {
    const { id, apiKey } = await json(['api-key', 'create', 'monitor', '--scopes', 'metrics', '--days', '90'])
    const status = async () =>
      (
        await fetch(`${product.serviceUrl}/metrics`, {
          headers: { authorization: `Bearer ${apiKey}`, 'x-forwarded-for': '203.0.113.9' },
        })
      ).status
    expect(await status()).toBe(200)
    const listed = await haoma(['api-key', 'list', '--json'])
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id, name: 'monitor', scopes: ['metrics'] }])
    expect(listed.stdout).not.toContain(apiKey)
    expect(await json(['api-key', 'revoke', id])).toEqual({ id, revoked: true })
    expect(await status()).toBe(404)
    expect(await haoma(['api-key', 'create', 'x', '--scopes', 'all'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('metrics,viewer,operator'),
    })
  })
})

describe('haoma admin', () => {
  it('signs an administrator out everywhere, and takes the account away', async () => {
    const password = 'correct horse battery'
    const claim = async (username: string, ...args: string[]) => {
      const { url } = await json(['admin', 'create', ...args])
      const answer = await fetch(`${product.serviceUrl}/admin/v1/links/claim`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: url.split('/link/')[1], username, password }),
      })
      return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
    }
    await claim('li')
    const cookie = await claim('wang', '--role', 'operator')
    const session = async () =>
      (await fetch(`${product.serviceUrl}/admin/v1/session`, { headers: { cookie } })).status
    expect(await session()).toBe(200)
    await json(['admin', 'sign-out', 'wang'])
    expect(await session()).toBe(401)
    await json(['admin', 'disable', 'wang'])
    const named = (await json(['admin', 'list'])) as { username: string; disabledAt: string | null }[]
    expect(named.find(({ username }) => username === 'wang')?.disabledAt).not.toBeNull()
    await json(['admin', 'enable', 'wang'])
    const lastOwner = await haoma(['admin', 'disable', 'li'])
    expect(lastOwner).toMatchObject({ code: 1, stderr: expect.stringContaining('owner') })
    expect(await haoma(['admin', 'sign-out', 'nobody'])).toMatchObject({ code: 1 })
  })
})

describe('haoma migrate', () => {
  it('brings a database up to date, or finds it so', async () => {
    expect(await haoma(['migrate'])).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('haoma token', () => {
  it('tells of the token that all share without replacing it, and whole only with a line of the audit', async () => {
    const { apiKey } = await json(['api-key', 'create', 'auditor', '--scopes', 'operator'])
    const shownTimes = async () => {
      const answer = await fetch(`${product.serviceUrl}/admin/v1/audit?action=app.token-show`, {
        headers: { authorization: `Bearer ${apiKey}` },
      })
      return ((await answer.json()) as { items: unknown[] }).items
    }
    const masked = await json(['token', appid])
    expect(masked).toEqual({
      appid,
      accessToken: expect.stringMatching(/^…\S{4}$/),
      expiresInS: expect.any(Number),
      fetchedAt: expect.stringMatching(/Z$/),
    })
    expect(await shownTimes()).toEqual([])
    const shown = await json(['token', appid, '--show'])
    expect(shown.accessToken.length).toBeGreaterThan(20)
    expect(shown.accessToken.slice(-4)).toBe(masked.accessToken.slice(1))
    expect(await shownTimes()).toMatchObject([{ actorKind: 'cli', targetKind: 'app', targetId: appid }])
    expect((await login()).status).toBe(200)
    expect(await haoma(['token', 'wx00000000000000ff'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('haoma app list'),
    })
  })
})

describe('haoma doctor', () => {
  type Check = { name: string; appid?: string; state: string; text: { zh: string; en: string } }
  const examine = async (more: Record<string, string> = {}) => {
    const { code, stdout } = await haoma(['doctor', '--json'], '', more)
    const { isOk, checks } = JSON.parse(stdout) as { isOk: boolean; checks: Check[] }
    const states = Object.fromEntries(checks.map(({ name, state }) => [name, state]))
    return { code, isOk, stdout, states, find: (name: string) => checks.find((check) => check.name === name) }
  }

  it('finds a service well, and prints no secret', async () => {
    const { code, isOk, stdout, states, find } = await examine()
    expect({ code, isOk, ...states }).toMatchObject({
      code: 0,
      isOk: true,
      settings: 'ok',
      database: 'ok',
      'master-key': 'ok',
      secret: 'ok',
      ip: 'ok',
      permission: 'ok',
      clock: 'ok',
    })
    expect(find('master-key')?.text.en).toMatch(/fingerprint [0-9a-f]{8}\./)
    const masterKey = await readFile(join(product.folder, '.haoma', 'master.key'), 'utf8')
    for (const secret of [appSecret, masterKey.trim()]) expect(stdout).not.toContain(secret)
  })

  it('names each thing that is wrong at once, in both languages, and ends with 1', async () => {
    const { code, stdout, states, find } = await examine({
      HAOMA_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      HAOMA_REDIS_URL: 'redis://:hunter2@127.0.0.1:9',
      HAOMA_APPS: `${appid}:${'f'.repeat(32)}`,
    })
    expect({ code, ...states }).toMatchObject({
      code: 1,
      settings: 'ok',
      database: 'ok',
      'master-key': 'fail',
      redis: 'fail',
      secret: 'fail',
    })
    expect(find('master-key')?.text.zh).toMatch(/^HAOMA_MASTER_KEY 与该数据库不匹配/)
    expect(find('master-key')?.text.en).toMatch(/^HAOMA_MASTER_KEY does not fit/)
    expect(stdout).not.toMatch(/hunter2|f{32}/)
    const unreadable = await examine({ HAOMA_PORT: 'secret-in-the-wrong-place' })
    expect(unreadable).toMatchObject({ code: 1, states: { settings: 'fail' } })
    expect(unreadable.find('settings')?.text.en).toContain('HAOMA_PORT')
    expect(unreadable.stdout).not.toContain('secret-in-the-wrong-place')
  })

  it('fails while WeChat is out of reach', async () => {
    const { code, states } = await examine({ HAOMA_WECHAT_HOSTS: 'http://127.0.0.1:9' })
    expect({ code, ...states }).toMatchObject({ code: 1, database: 'ok', secret: 'fail', ip: 'warn' })
  })

  it('makes nothing in a folder where nothing was started', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'haoma-e2e-'))
    try {
      const ran = await runProgram([process.execPath, haomaMain, 'doctor'], { cwd: folder })
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('haoma app add') })
      expect(await readdir(folder)).toEqual([])
      // Also where the database is there, and empty: a master key made here would lock the service out.
      const production = { cwd: folder, env: { ...env, HAOMA_APPS: `${appid}:${appSecret}` } }
      await runProgram([process.execPath, haomaMain, 'migrate'], production)
      const migrated = await runProgram([process.execPath, haomaMain, 'doctor'], production)
      expect(migrated).toMatchObject({ code: 0, stdout: expect.stringMatching(/secret +✓ ok/) })
      expect(await readdir(join(folder, '.haoma'))).toEqual(['haoma.db'])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
