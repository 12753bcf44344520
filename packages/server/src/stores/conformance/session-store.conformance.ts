import { beforeEach, describe, expect, it } from 'vitest'
import type { Session } from '../session-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

/** What every implementation must do, on two connections, as two processes would have. */
export function testSessionStore(create: CreateDatabases): void {
  describe('session store', () => {
    const at = useDatabases(create)

    describe('sessions', () => {
      beforeEach(async () => {
        await at.db.members.create({ id: 'm1', createdAtMs: 1 })
        await at.db.members.create({ id: 'm2', createdAtMs: 1 })
        await at.db.sessions.create(session())
      })

      it('rotate once per generation', async () => {
        const rotations = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            (i % 2 ? at.db : at.other).sessions.rotate('s1', {
              fromGeneration: 1,
              nowMs: 5,
              expiresAtMs: 50,
            }),
          ),
        )
        expect(rotations.filter(Boolean)).toHaveLength(1)
        expect(await at.db.sessions.find('s1')).toEqual(
          session({ generation: 2, rotatedAtMs: 5, expiresAtMs: 50 }),
        )
      })

      it('do not rotate after their end, which keeps its first reason', async () => {
        await at.db.sessions.end('s1', { reason: 'signed-out', nowMs: 3 })
        await at.db.sessions.end('s1', { reason: 'refresh-token-reused', nowMs: 4 })
        const rotated = at.db.sessions.rotate('s1', { fromGeneration: 1, nowMs: 5, expiresAtMs: 50 })
        expect(await rotated).toBeUndefined()
        expect(await at.db.sessions.find('s1')).toEqual(session({ endedAtMs: 3, endReason: 'signed-out' }))
      })

      it('move from one member to another', async () => {
        await at.db.sessions.move('m1', 'm2')
        expect((await at.db.sessions.find('s1'))?.memberId).toBe('m2')
      })

      it('are removed a while after they expired', async () => {
        await at.db.sessions.create(session({ id: 's2', expiresAtMs: 500 }))
        expect(await at.db.sessions.removeExpired({ expiredBeforeMs: 100, limit: 10 })).toBe(1)
        expect(await at.db.sessions.find('s1')).toBeUndefined()
        expect(await at.db.sessions.find('s2')).toBeDefined()
      })
    })
  })
}

function session(over: Partial<Session> = {}): Session {
  return {
    id: 's1',
    memberId: 'm1',
    appid: 'wx1',
    way: 'wechat',
    openid: 'o1',
    deviceId: null,
    deviceName: null,
    platform: null,
    clientVersion: null,
    salt: 'salt',
    generation: 1,
    successorUsedAtMs: null,
    createdAtMs: 1,
    rotatedAtMs: 1,
    seenAtMs: 1,
    expiresAtMs: 10,
    absoluteExpiresAtMs: 1000,
    endedAtMs: null,
    endReason: null,
    ...over,
  }
}
