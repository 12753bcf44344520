import { beforeEach, describe, expect, it } from 'vitest'
import { StoreConflictError } from '../errors.ts'
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
        expect(await at.db.sessions.find('s1')).toEqual({
          ...session({ generation: 2, rotatedAtMs: 5, seenAtMs: 5, expiresAtMs: 50 }),
          memberState: 'active',
        })
      })

      it('do not rotate after their end, which keeps its first reason', async () => {
        await at.db.sessions.end('s1', { reason: 'signed-out', nowMs: 3 })
        expect(await at.db.sessions.end('s1', { reason: 'banned', nowMs: 4 })).toBeUndefined()
        const rotated = at.db.sessions.rotate('s1', { fromGeneration: 1, nowMs: 5, expiresAtMs: 50 })
        expect(await rotated).toBeUndefined()
        expect(await at.db.sessions.find('s1')).toMatchObject({ endedAtMs: 3, endReason: 'signed-out' })
      })

      it.each(['banned', 'merged', 'erased'] as const)(
        'do not rotate for a member who is %s',
        async (state) => {
          await at.other.members.setState('m1', { state, nowMs: 3 })
          const change = { fromGeneration: 1, nowMs: 5, expiresAtMs: 50 }
          expect(await at.db.sessions.rotate('s1', change)).toBeUndefined()
          expect((await at.db.sessions.find('s1'))?.memberState).toBe(state)
        },
      )

      it('remember the first use of a generation, and forget it with the next', async () => {
        await at.db.sessions.markUsed('s1', { generation: 2, nowMs: 3 })
        expect((await at.db.sessions.find('s1'))?.successorUsedAtMs).toBeNull()
        await at.db.sessions.markUsed('s1', { generation: 1, nowMs: 4 })
        await at.db.sessions.markUsed('s1', { generation: 1, nowMs: 5 })
        expect((await at.db.sessions.find('s1'))?.successorUsedAtMs).toBe(4)
        await at.db.sessions.rotate('s1', { fromGeneration: 1, nowMs: 6, expiresAtMs: 50 })
        expect((await at.db.sessions.find('s1'))?.successorUsedAtMs).toBeNull()
      })

      it('are one living one for a device, a member and an app', async () => {
        await at.db.sessions.create(session({ id: 's2', deviceId: 'd1' }))
        const second = at.other.sessions.create(session({ id: 's3', deviceId: 'd1' }))
        await expect(second).rejects.toThrow(StoreConflictError)
        await at.db.sessions.create(session({ id: 's4', deviceId: 'd1', appid: 'wx2' }))
        await at.db.sessions.create(session({ id: 's5', deviceId: 'd1', memberId: 'm2' }))
      })

      it('make room: the one of the device ends, and the oldest beyond those that stay', async () => {
        await at.db.sessions.create(session({ id: 's2', createdAtMs: 2, deviceId: 'd1' }))
        await at.db.sessions.create(session({ id: 's3', createdAtMs: 3 }))
        await at.db.sessions.create(session({ id: 's4', createdAtMs: 4, appid: 'wx2' }))
        const of = { memberId: 'm1', appid: 'wx1', deviceId: 'd1', keep: 1 }
        const ended = await at.db.transaction(({ sessions }) => sessions.makeRoom(of, 5))
        expect(ended.map(({ id, endReason }) => [id, endReason])).toEqual([
          ['s2', 'replaced'],
          ['s1', 'too-many'],
        ])
        expect((await at.db.sessions.listLiving('m1', 5)).map(({ id }) => id)).toEqual(['s4', 's3'])
      })

      it('end all at once, but one', async () => {
        await at.db.sessions.create(session({ id: 's2' }))
        await at.db.sessions.create(session({ id: 's3', memberId: 'm2' }))
        const ended = await at.db.sessions.endAll('m1', { reason: 'signed-out', nowMs: 3, except: 's2' })
        expect(ended.map(({ id }) => id)).toEqual(['s1'])
        expect((await at.db.sessions.find('s3'))?.endedAtMs).toBeNull()
      })

      it('move from one member to another, and end those of the other on the same device', async () => {
        await at.db.sessions.create(session({ id: 's2', deviceId: 'd1' }))
        await at.db.sessions.create(session({ id: 's3', memberId: 'm2', deviceId: 'd1' }))
        const moved = await at.db.sessions.move({ from: 'm1', to: 'm2', nowMs: 4 })
        expect(moved.sort()).toEqual(['s1', 's2'])
        expect((await at.db.sessions.find('s1'))?.memberId).toBe('m2')
        expect(await at.db.sessions.find('s3')).toMatchObject({ endedAtMs: 4, endReason: 'replaced' })
        expect(await at.db.sessions.move({ from: 'm2', to: 'm1', ids: ['s2'], nowMs: 5 })).toEqual(['s2'])
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
