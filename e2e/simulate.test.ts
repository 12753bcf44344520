import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

// As people in the clone call it: the link that npm makes for the package's command.
const haoma = fileURLToPath(new URL('../node_modules/.bin/haoma', import.meta.url))

interface Running {
  child: ChildProcess
  stdout(): string
  ended: Promise<number | null>
}

describe('haoma simulate', () => {
  let folder: string
  let running: Running[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'haoma-simulate-'))
    running = []
  })
  afterEach(async () => {
    for (const { child, ended } of running) {
      child.kill('SIGKILL')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  })

  const simulate = (...args: string[]): Running => {
    const child = spawn(haoma, ['simulate', '--port', '0', ...args], { cwd: folder })
    let out = ''
    child.stdout.on('data', (data) => {
      out += data
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
    const started = { child, stdout: () => out, ended }
    running.push(started)
    return started
  }
  const firstLine = async (started: Running): Promise<string> => {
    await expect.poll(started.stdout, { timeout: 20_000 }).toContain('\n')
    return started.stdout().split('\n')[0] ?? ''
  }

  it('says in one line of JSON that it is ready, and where', async () => {
    const started = simulate('--print-json', '--https')
    const ready = JSON.parse(await firstLine(started))
    expect(ready).toEqual({
      event: 'ready',
      pid: started.child.pid,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      port: expect.any(Number),
      httpsUrl: expect.stringMatching(/^https:/),
      controlUrl: `${ready.url}/`,
    })
    expect((await fetch(`${ready.url}/_control/state`)).status).toBe(200)
    expect(started.stdout().trim().split('\n')).toHaveLength(1)
    expect(started.stdout()).not.toContain('secret')
  })

  it('keeps a ready file, whole, from ready to stop', async () => {
    const file = join(folder, 'ready.json')
    const started = simulate('--ready-file', file)
    await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(true)
    const { url } = JSON.parse(readFileSync(file, 'utf8'))
    expect((await fetch(`${url}/_device/apps`)).status).toBe(200)
    started.child.kill('SIGTERM')
    expect(await started.ended).toBe(0)
    expect(existsSync(file)).toBe(false)
  })

  it('answers to the names it was told, and to no other', async () => {
    const { url } = JSON.parse(
      await firstLine(simulate('--print-json', '--allow-host', 'simulator, dev.example')),
    )
    const { request } = await import('node:http')
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        request(`${url}/_device/apps`, { headers: { host } }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
          .on('error', reject)
          .end()
      })
    expect(await statusFor('simulator:4010')).toBe(200)
    expect(await statusFor('dev.example')).toBe(200)
    expect(await statusFor('evil.test')).toBe(403)
  })

  it('lets a page of another origin control it only with the token', async () => {
    const { url } = JSON.parse(await firstLine(simulate('--print-json', '--control-token', 't0ken')))
    const ask = (headers: Record<string, string>) =>
      fetch(`${url}/_control/state`, { headers: { Origin: 'https://page.test', ...headers } })
    expect((await ask({})).status).toBe(403)
    expect((await ask({ Authorization: 'Bearer t0ken' })).status).toBe(200)
  })
})
