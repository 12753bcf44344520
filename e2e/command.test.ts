import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../scripts/services/find.mjs'
import { startProduct } from './support/product.ts'

const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))

describe('haoma start', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'haoma-command-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const run = (env: Record<string, string>, args = ['start']) =>
    spawnSync(process.execPath, [main, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      encoding: 'utf8',
      timeout: 20_000,
    })

  it('names a bad setting and what is expected, without repeating a secret, and exits non-zero', () => {
    const { status, stderr } = run({
      HAOMA_PORT: 'four thousand',
      HAOMA_APPS: 'wx0123456789abcdef',
      HAOMA_MASTER_KEY: 'much-too-short-secret',
    })
    expect(status).toBe(1)
    for (const name of ['HAOMA_PORT', 'HAOMA_APPS', 'HAOMA_MASTER_KEY']) expect(stderr).toContain(name)
    expect(stderr).toContain('appid:secret')
    expect(stderr).not.toContain('much-too-short-secret')
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('reads .env, and lets the environment win over it', () => {
    writeFileSync(join(folder, '.env'), 'HAOMA_PORT=nonsense\nHAOMA_DEMO_PORT=nonsense\n')
    const { stderr } = run({ HAOMA_PORT: '0x10' })
    expect(stderr).toContain('HAOMA_PORT')
    expect(stderr).toContain('HAOMA_DEMO_PORT')
    writeFileSync(join(folder, '.env'), 'HAOMA_PORT=nonsense\n')
    expect(run({ HAOMA_PORT: '4000', HAOMA_APPS: 'broken' }).stderr).not.toContain('HAOMA_PORT')
  })

  it('stops at an option that it does not know, with the one that was meant', () => {
    const { status, stderr } = run({}, ['start', '--prot', '1'])
    expect(status).toBe(1)
    expect(stderr).toContain('--port')
    expect(run({}, ['strat']).stderr).toContain('did you mean start?')
  })

  it('names a folder that it cannot use, without a stack', async () => {
    writeFileSync(join(folder, 'taken'), 'a file where a folder should be')
    const ports = { HAOMA_PORT: String(await freePort()), HAOMA_SIMULATOR_PORT: String(await freePort()) }
    const { status, stderr } = run({ ...ports, HAOMA_DATABASE_URL: 'sqlite:taken/haoma.db' })
    expect(status).toBe(1)
    expect(stderr).toContain('taken')
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('does not replace a master key that is gone while its database is there', async () => {
    const first = await startProduct({}, folder)
    await first.interrupt()
    rmSync(join(folder, '.haoma', 'master.key'))
    const ports = { HAOMA_PORT: String(await freePort()), HAOMA_SIMULATOR_PORT: String(await freePort()) }
    const { status, stderr } = run(ports)
    expect(status).toBe(1)
    expect(stderr).toContain('master.key')
    expect(existsSync(join(folder, '.haoma', 'master.key'))).toBe(false)
  })

  it('never starts the simulator in production, and says where to add an app', async () => {
    const product = await startProduct({ NODE_ENV: 'production' })
    expect(product.output()).toContain('HAOMA_APPS=appid:secret')
    await expect(fetch(product.simulatorUrl)).rejects.toThrow()
    await product.stop()
  })

  it('says which WeChat, which database and whether it is new, and answers to its own names', async () => {
    const first = await startProduct({}, folder)
    expect(first.output()).toContain('anybody can be anybody')
    expect(first.output()).toMatch(/simulator\.db, new, with no members/)
    const foreign = await new Promise<number | undefined>((resolve) => {
      get(first.serviceUrl, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.statusCode))
    })
    expect(foreign).toBe(421)
    await first.interrupt()
    const second = await startProduct({}, folder)
    expect(second.output()).not.toContain('new, with no members')
    await second.interrupt()
  })

  it('names a taken port and what to do', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    try {
      const { status, stderr } = run({ HAOMA_PORT: String(port) })
      expect(status).toBe(1)
      expect(stderr).toContain(`${port}`)
      expect(stderr).toContain('HAOMA_PORT=')
    } finally {
      taken.close()
    }
  })

  it('ends on Ctrl-C with exit code 0 and frees its ports', async () => {
    const product = await startProduct()
    expect(await product.interrupt()).toBe(0)
    for (const url of [product.serviceUrl, product.simulatorUrl, product.demoUrl]) {
      await expect(fetch(url)).rejects.toThrow()
    }
    await product.stop()
  })

  it('prints where everything is', async () => {
    const product = await startProduct()
    for (const url of [product.serviceUrl, product.simulatorUrl, product.demoUrl]) {
      expect(product.output()).toContain(url)
    }
    const key = statSync(join(product.folder, '.haoma', 'master.key'))
    expect(key.mode & 0o777).toBe(0o600)
    await product.stop()
  })
})
