import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createKeyRing } from '../crypto/key-ring.ts'
import { systemClock } from '../kernel/clock.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'
import { resealAdmins } from './reseal.ts'
import { createSecondFactor } from './second-factor.ts'
import { createAdminSecrets } from './secrets.ts'

it('moves the secrets of one-time codes to a new master key, so that the old one may go', async () => {
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
  const db = await openSqliteDatabase(':memory:')
  const factorOf = (...keys: Buffer[]) => {
    const keyRing = createKeyRing(keys)
    return createSecondFactor({ keyRing, secrets: createAdminSecrets(keyRing), clock: systemClock })
  }
  const { sealed } = factorOf(oldKey).create({ id: 'a1', username: 'li' })
  const plain = {
    id: 'a1',
    username: 'li',
    role: 'owner' as const,
    passwordHash: 'h',
    totpSealed: sealed,
    totpPendingSealed: null,
    totpStep: 1,
    recoveryDigests: [],
    createdAtMs: 1,
    seenAtMs: null,
    disabledAtMs: null,
  }
  await db.admins.add(plain)
  await db.admins.add({ ...plain, id: 'a2', username: 'an', totpSealed: null })
  const both = createKeyRing([newKey, oldKey])
  expect(await resealAdmins({ db, keyRing: both })).toBe(1)
  expect(await resealAdmins({ db, keyRing: both })).toBe(0)
  const after = await db.admins.find('a1')
  expect(() => factorOf(newKey).stepOf('a1', after?.totpSealed ?? '', '000000')).not.toThrow()
  expect(() => factorOf(newKey).stepOf('a1', sealed, '000000')).toThrow()
  await db.close()
})
