import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startProduct } from './support/product.ts'

const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))
const newKey = Buffer.alloc(32, 9).toString('base64')

const post = async (url: string, body: object) =>
  (
    await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  ).json()

it('gives all that is sealed a new key and names what cannot be, after which the old one may go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haoma-rekey-'))
  const party = { appid: 'wx5f0a3c9e7b1d2468', user: '李雷' }
  const signIn = async (env: Record<string, string>) => {
    const product = await startProduct(env, folder)
    try {
      const { code: loginCode } = await post(`${product.simulatorUrl}/_device/login`, party)
      const { code: phoneCode } = await post(`${product.simulatorUrl}/_device/phone`, {
        ...party,
        component: 'quick',
        answer: 'allow',
      })
      return await post(`${product.serviceUrl}/v1/login`, { appid: party.appid, loginCode, phoneCode })
    } finally {
      await product.interrupt()
    }
  }
  try {
    const first = await signIn({})
    const oldKey = readFileSync(join(folder, '.haoma', 'master.key'), 'utf8').trim()
    const haoma = (env: Record<string, string>, ...args: string[]) => {
      const ran = spawnSync(process.execPath, [main, ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, ...env },
        encoding: 'utf8',
        timeout: 30_000,
      })
      expect(ran.status, ran.stderr).toBe(0)
      expect(`${ran.stdout}${ran.stderr}`).not.toContain(newKey)
      return ran.stdout
    }
    const made = haoma({}, 'client', 'create', 'shop', '--scopes', 'token', '--json')
    const { clientId } = JSON.parse(made)
    const keys = { HAOMA_MASTER_KEY: newKey, HAOMA_OLD_MASTER_KEYS: oldKey }
    const between = await signIn(keys)
    const named = haoma(keys, 'rekey')
    expect(named).toContain(clientId)
    expect(named).not.toContain('may leave')
    haoma(keys, 'client', 'rotate', clientId, '--overlap', '0')
    expect(haoma(keys, 'rekey')).toContain('may leave')
    const after = await signIn({ HAOMA_MASTER_KEY: newKey })
    for (const { member } of [between, after]) {
      expect(member).toMatchObject({ id: first.member.id, phone: { masked: first.member.phone.masked } })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
