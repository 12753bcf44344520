import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createKeyRing } from '../crypto/key-ring.ts'
import { createLogger } from '../kernel/logger.ts'
import type { Database } from '../stores/database.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'
import { createAppSecretBox } from './app-secrets.ts'
import { resealApps } from './reseal.ts'

const appSecret = '0123456789abcdef0123456789abcdef'
const [oldKey, newKey, lostKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const boxOf = (...keys: Buffer[]) => createAppSecretBox(createKeyRing(keys), createLogger('silent'))
const both = createKeyRing([newKey, oldKey])

let db: Database
beforeEach(async () => {
  db = await openSqliteDatabase(':memory:')
})
afterEach(() => db.close())

const add = (appid: string, secretSealed: string | null) =>
  db.apps.add({
    appid,
    kind: 'mp-weixin',
    name: appid,
    secretSealed,
    settings: '{}',
    isEnabled: true,
    createdAtMs: 1,
    updatedAtMs: 1,
  })
const sealedOf = async (appid: string) =>
  (await db.apps.list()).find((app) => app.appid === appid)?.secretSealed ?? null

it('moves the secrets of apps to a new master key, so that the old one may go', async () => {
  await add('wx1', boxOf(oldKey).seal('wx1', { appSecret }))
  await add('wx2', null)
  expect(boxOf(newKey).open('wx1', await sealedOf('wx1'))).toEqual({})
  expect(await resealApps({ db, keyRing: both })).toEqual({ done: 1, stuck: 0 })
  expect(boxOf(newKey).open('wx1', await sealedOf('wx1'))).toEqual({ appSecret })
  expect(await sealedOf('wx2')).toBeNull()
  expect(await resealApps({ db, keyRing: both })).toEqual({ done: 0, stuck: 0 })
})

it('leaves a secret that opens with no key as it is, and goes on', async () => {
  const unreadable = boxOf(lostKey).seal('wx1', { appSecret })
  await add('wx1', unreadable)
  await add('wx2', boxOf(oldKey).seal('wx2', { appSecret }))
  expect(await resealApps({ db, keyRing: both })).toEqual({ done: 1, stuck: 1 })
  expect(await sealedOf('wx1')).toBe(unreadable)
})
