import { describe, expect, it } from 'vitest'
import { StoreConflictError } from '../errors.ts'
import type { StoredSigningKey } from '../signing-key-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'

/** What every implementation must do, on two connections, as two processes would have. */
export function testSigningKeyStore(create: CreateDatabases): void {
  describe('signing-key store', () => {
    const at = useDatabases(create)

    describe('signing keys', () => {
      it('have one that signs', async () => {
        const key: StoredSigningKey = {
          kid: 'a',
          alg: 'EdDSA',
          publicJwk: '{}',
          sealedPrivateJwk: 'x',
          state: 'signing',
          createdAtMs: 1,
          signsFromMs: 1,
          retiredAtMs: null,
        }
        await at.db.signingKeys.add({ ...key, kid: 'old', state: 'retired', retiredAtMs: 1, createdAtMs: 0 })
        await at.db.signingKeys.add(key)
        await expect(at.other.signingKeys.add({ ...key, kid: 'b' })).rejects.toThrow(StoreConflictError)
        expect((await at.other.signingKeys.list()).map(({ kid }) => kid)).toEqual(['a', 'old'])

        await at.db.signingKeys.add({ ...key, kid: 'b', state: 'next', createdAtMs: 2 })
        const sign = { from: 'next', to: 'signing', retiredAtMs: null } as const
        await expect(at.other.signingKeys.setState('b', sign)).rejects.toThrow(StoreConflictError)
        const retire = { from: 'signing', to: 'retired', retiredAtMs: 9 } as const
        expect(await at.db.signingKeys.setState('a', retire)).toBe(true)
        expect(await at.other.signingKeys.setState('a', retire)).toBe(false)
        expect(await at.other.signingKeys.setState('b', sign)).toBe(true)
        expect((await at.db.signingKeys.list()).map(({ kid, state }) => [kid, state])).toEqual([
          ['b', 'signing'],
          ['a', 'retired'],
          ['old', 'retired'],
        ])
      })
    })
  })
}
