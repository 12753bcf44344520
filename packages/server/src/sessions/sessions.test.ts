import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appid, bearer, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { createLogger } from '../kernel/logger.ts'
import type { Database } from '../stores/database.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'
import { loadSigningKeys, MasterKeyMismatchError } from './signing-keys.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.close())

const signIn = async () => {
  const { body } = await fixture.post('/v1/login', {
    appid,
    loginCode: await fixture.wechat.loginCode('李雷'),
  })
  return body
}
const refresh = (refreshToken: string) => fixture.post('/v1/session/refresh', { refreshToken })
const me = (accessToken: string) => fixture.get('/v1/me', bearer(accessToken))

describe('an access token', () => {
  it('is verified by anyone with the published keys', async () => {
    const { member, session } = await signIn()
    const jwks = await fixture.get('/.well-known/jwks.json')
    expect(jwks.headers.get('cache-control')).toContain('max-age')
    const { payload } = await jwtVerify(session.accessToken, createLocalJWKSet(jwks.body), {
      issuer: 'haoma',
      audience: appid,
    })
    expect(payload).toMatchObject({ sub: member.id, sid: expect.any(String) })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(session.expiresInS)
    expect(decodeProtectedHeader(session.accessToken)).toMatchObject({
      alg: 'ES256',
      kid: jwks.body.keys[0].kid,
    })
  })

  it('has public keys with no private part', async () => {
    const { body } = await fixture.get('/.well-known/jwks.json')
    expect(Object.keys(body.keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  })

  it('is refused after its time, and the refresh token still works', async () => {
    const { session } = await signIn()
    await fixture.advance((session.expiresInS + 1) * 1000)
    expect((await me(session.accessToken)).body).toMatchObject({ status: 401, code: 'SESSION_EXPIRED' })
    const next = await refresh(session.refreshToken)
    expect((await me(next.body.accessToken)).status).toBe(200)
  })

  it('is refused when anything in it was changed', async () => {
    const { session } = await signIn()
    const [head, body, signature] = session.accessToken.split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const other = (await signIn()).session.accessToken.split('.')
    for (const forged of [
      `${none}.${body}.`,
      `${head}.${other[1]}.${signature}`,
      `${head}.${body}.`,
      'x',
      'a.b.c',
    ]) {
      const answer = await me(forged)
      expect(answer.body, forged).toMatchObject({ code: 'SESSION_EXPIRED', action: 'login-again' })
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })
})

describe('a refresh token', () => {
  it('works once and gives the next', async () => {
    const { member, session } = await signIn()
    let { refreshToken } = session
    for (let times = 0; times < 3; times += 1) {
      const next = await refresh(refreshToken)
      expect(next.status).toBe(200)
      expect(next.body.refreshToken).not.toBe(refreshToken)
      expect((await me(next.body.accessToken)).body.member).toEqual(member)
      refreshToken = next.body.refreshToken
    }
  })

  it('gives the same next one to a client that lost it, and to many at once', async () => {
    const { session } = await signIn()
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(session.refreshToken)))
    await fixture.advance(23 * HOUR_MS)
    answers.push(await refresh(session.refreshToken))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1)
    expect((await me(answers[5]?.body.accessToken)).status).toBe(200)
    expect((await refresh(answers[0]?.body.refreshToken)).status).toBe(200)
  })

  it('used again after its successor was used ends the session, and the log says how', async () => {
    const { session } = await signIn()
    const second = (await refresh(session.refreshToken)).body
    const third = (await refresh(second.refreshToken)).body
    expect((await refresh(session.refreshToken)).body).toMatchObject({
      code: 'REFRESH_TOKEN_REUSED',
      action: 'login-again',
    })
    expect((await refresh(third.refreshToken)).body.code).toBe('REFRESH_TOKEN_REUSED')
    expect((await me(third.accessToken)).body.code).toBe('SESSION_EXPIRED')
    expect(await endReasonOf(third)).toBe('refresh-token-reused:stale-lineage')
    expect(fixture.log()).toContain('"kind":"stale-lineage"')
  })

  it('used again after an access token of its successor was used ends the session', async () => {
    const { session } = await signIn()
    const second = (await refresh(session.refreshToken)).body
    expect((await me(second.accessToken)).status).toBe(200)
    expect((await refresh(session.refreshToken)).body.code).toBe('REFRESH_TOKEN_REUSED')
    expect(await endReasonOf(second)).toBe('refresh-token-reused:recent-prev')
  })

  it('stays good while only the access token from before is used', async () => {
    const { session } = await signIn()
    await refresh(session.refreshToken)
    expect((await me(session.accessToken)).status).toBe(200)
    expect((await refresh(session.refreshToken)).status).toBe(200)
  })

  it('used again after a day ends the session, even if nobody used its successor', async () => {
    const { session } = await signIn()
    const second = (await refresh(session.refreshToken)).body
    await fixture.advance(25 * HOUR_MS)
    expect((await refresh(session.refreshToken)).body.code).toBe('REFRESH_TOKEN_REUSED')
    expect((await refresh(second.refreshToken)).status).toBe(401)
  })

  it('of one session ends no other', async () => {
    const [one, two] = [await signIn(), await signIn()]
    await refresh((await refresh(one.session.refreshToken)).body.refreshToken)
    await refresh(one.session.refreshToken)
    expect((await me(two.session.accessToken)).status).toBe(200)
  })

  it('dies of 30 idle days, and lives on when it is used', async () => {
    const [idle, busy] = [await signIn(), await signIn()]
    await fixture.advance(20 * DAY_MS)
    const next = await refresh(busy.session.refreshToken)
    await fixture.advance(11 * DAY_MS)
    expect((await refresh(idle.session.refreshToken)).body.code).toBe('SESSION_EXPIRED')
    expect((await refresh(next.body.refreshToken)).status).toBe(200)
  })

  it('that was made up is refused, and ends nothing', async () => {
    const { session } = await signIn()
    const parts = session.refreshToken.split('.')
    const forged = [
      [...parts.slice(0, 4), 'A'.repeat(43)],
      [parts[0], parts[1], '0', ...parts.slice(3)],
      [parts[0], parts[1], '2', ...parts.slice(3)],
      [parts[0], '00000000-0000-7000-8000-000000000000', ...parts.slice(2)],
      ['nonsense'],
    ]
    for (const token of forged) {
      expect((await refresh(token.join('.'))).body.code, token.join('.')).toBe('SESSION_EXPIRED')
    }
    expect((await refresh(session.refreshToken)).status).toBe(200)
  })
})

describe('DELETE /v1/session', () => {
  it('ends the session at once', async () => {
    const { session } = await signIn()
    const answer = await fixture.send('DELETE', '/v1/session', { headers: bearer(session.accessToken) })
    expect(answer.status).toBe(204)
    expect((await me(session.accessToken)).body.code).toBe('SESSION_EXPIRED')
    expect((await refresh(session.refreshToken)).body.code).toBe('SESSION_EXPIRED')
  })
})

describe('signing keys', () => {
  const clock = { now: () => 1 }
  const logger = createLogger('silent')
  const keys = (db: Database, masterKey: number) => ({
    db,
    keyRing: createKeyRing([Buffer.alloc(32, masterKey)]),
    clock,
    logger,
    alg: 'ES256' as const,
  })

  it('are one, made by the first of many processes that start at once', async () => {
    const db = await openSqliteDatabase(':memory:')
    const loaded = await Promise.all(Array.from({ length: 5 }, () => loadSigningKeys(keys(db, 1))))
    const kids = await Promise.all(loaded.map(async (each) => (await each.signing()).kid))
    expect(new Set(kids).size).toBe(1)
    expect((await loaded[0]?.jwks())?.keys).toHaveLength(1)
    await db.close()
  })

  it('say plainly that the master key is another', async () => {
    const db = await openSqliteDatabase(':memory:')
    await loadSigningKeys(keys(db, 1))
    await expect(loadSigningKeys(keys(db, 2))).rejects.toThrow(MasterKeyMismatchError)
    await db.close()
  })
})

const endReasonOf = async ({ accessToken }: { accessToken: string }) => {
  const { sid } = decodeJwt(accessToken)
  return (await fixture.db.sessions.find(String(sid)))?.endReason
}
