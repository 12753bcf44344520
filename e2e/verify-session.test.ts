import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const cwd = new URL('../packages/server', import.meta.url)

/** The published keys of a login service, and a token of it. */
let close: () => void
let jwksUrl: string
let sign: (claims: { appid?: string; expiresIn?: string; issuer?: string }) => Promise<string>
let foreign: string
beforeAll(async () => {
  const [own, other] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`
  close = () => server.close()
  const make = (key: typeof own.privateKey, { appid = 'wx1', expiresIn = '5m', issuer = 'haoma' }) =>
    new SignJWT({ sid: 's1', gen: 1 })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(issuer)
      .setAudience(appid)
      .setSubject('m1')
      .setIssuedAt()
      .setExpirationTime(expiresIn)
      .sign(key)
  sign = (claims) => make(own.privateKey, claims)
  foreign = await make(other.privateKey, {})
})
afterAll(() => close())

/** What a back end in CommonJS sees. */
const verify = async (token: string, url = jwksUrl) => {
  const program = `
    const { verifySession } = require('@haoma/server/verify-session')
    verifySession(process.argv[1], { jwksUrl: process.argv[2], appid: 'wx1' }).then(
      (session) => console.log(JSON.stringify({ session, loaded: Object.keys(require.cache).concat(
        process.moduleLoadList.filter((name) => /libsql|kysely|\\bpg\\b/.test(name))) })),
      (error) => console.log(JSON.stringify({ error: error.name, code: error.code, isExpired: error.isExpired })),
    )`
  const { stdout } = await run(process.execPath, ['-e', program, token, url], { cwd })
  return JSON.parse(stdout)
}

describe('@haoma/server/verify-session', () => {
  it('is required from CommonJS, and loads no database driver', async () => {
    const { session, loaded } = await verify(await sign({}))
    expect(session).toMatchObject({ memberId: 'm1', sessionId: 's1', appid: 'wx1' })
    expect(loaded.filter((path: string) => /libsql|kysely|node_modules.pg/.test(path))).toEqual([])
  })

  it('imports nothing but jose', async () => {
    const { readFile } = await import('node:fs/promises')
    const built = await readFile(new URL('dist/verify-session.js', `${cwd}/`), 'utf8')
    const imports = [...built.matchAll(/from "([^"]+)"/g)].map(([, name]) => name)
    expect(imports.filter((name) => !name?.startsWith('.'))).toEqual(['jose'])
  })

  it('refuses tokens of another app, issuer or key, and says when one is only too old', async () => {
    const refused = { error: 'InvalidSessionError', code: 'SESSION_EXPIRED', isExpired: false }
    expect(await verify(await sign({ appid: 'wx2' }))).toEqual(refused)
    expect(await verify(await sign({ issuer: 'other' }))).toEqual(refused)
    expect(await verify(foreign)).toEqual(refused)
    expect(await verify('x.y.z')).toEqual(refused)
    expect(await verify(await sign({ expiresIn: '-1m' }))).toEqual({ ...refused, isExpired: true })
  })

  it('does not blame the token when the keys cannot be had', async () => {
    const { error } = await verify(await sign({}), 'http://127.0.0.1:9/jwks.json')
    expect(error).not.toBe('InvalidSessionError')
  })
})
