import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assemblePeople } from '../assembly/people.ts'
import { resealAll } from '../beside/reseal.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import type { Database } from '../stores/database.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'
import { rekeyNumbers } from './rekey.ts'

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
const [newId, oldId] = createKeyRing([newKey, oldKey])
  .all('phone-index')
  .map(({ id }) => id)
const clock = { now: () => 1_700_000_000_000 }
const logger = createLogger('silent')

let db: Database
beforeEach(async () => {
  db = await openSqliteDatabase(':memory:')
})
afterEach(() => db.close())

/** A process that was given these keys. */
const start = async (...keys: Buffer[]) => {
  const keyRing = createKeyRing(keys)
  const people = await assemblePeople({ options: {}, keyRing, db, logger, clock, newId: createUuidV7 })
  const bind = (openid: string, e164: string) =>
    db.transaction((stores) =>
      people.members.recognize(
        stores,
        { appid: 'wx1', openid },
        { e164, verifiedBy: 'realtime', verifiedAtMs: clock.now() },
      ),
    )
  const rekey = (options = {}) =>
    rekeyNumbers({ db, keyRing, vault: people.vault, clock }, { batch: 2, ...options })
  const reseal = () => resealAll({ db, keyRing })
  return { ...people, bind, rekey, reseal }
}
const numberOf = (i: number) => `+861380013${String(i).padStart(4, '0')}`
const idOf = (recognition: unknown) => (recognition as { memberId: string }).memberId

describe('rekeyNumbers', () => {
  it('finds the people of the old key before, while and after it runs, and makes nobody twice', async () => {
    const before = await start(oldKey)
    const ids: string[] = []
    for (let i = 0; i < 5; i += 1) ids.push(idOf(await before.bind(`o${i}`, numberOf(i))))

    const both = await start(newKey, oldKey)
    expect(idOf(await both.bind('x0', numberOf(0)))).toBe(ids[0])
    const stop = new AbortController()
    const half = await both.rekey({
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    expect(half).toEqual({ done: 2, left: 8, stuck: 0 })
    for (let i = 0; i < 5; i += 1) expect(idOf(await both.bind(`y${i}`, numberOf(i)))).toBe(ids[i])
    const late = idOf(await both.bind('z', numberOf(9)))

    const seen: number[] = []
    const whole = await both.rekey({ onProgress: ({ left }: { left: number }) => void seen.push(left) })
    expect(whole).toEqual({ done: 8, left: 0, stuck: 0 })
    expect(seen).toEqual([...seen].sort((a, b) => b - a))
    expect((await db.indexKeys.list()).map(({ id, state }) => [id, state])).toEqual([[newId, 'writing']])

    // The keys that sign are sealed too.
    expect([await both.reseal(), await both.reseal()]).toMatchObject([{ done: 1 }, { done: 0 }])
    const after = await start(newKey)
    for (let i = 0; i < 5; i += 1) expect(idOf(await after.bind(`w${i}`, numberOf(i)))).toBe(ids[i])
    expect(idOf(await after.bind('w9', numberOf(9)))).toBe(late)
  })

  it('writes with the old key until it is run, whatever key stands first', async () => {
    await start(oldKey)
    const both = await start(newKey, oldKey)
    const id = idOf(await both.bind('o1', numberOf(1)))
    expect((await db.members.findPhone(id))?.subject.startsWith(`${oldId}.`)).toBe(true)
    await both.rekey()
    const other = idOf(await both.bind('o2', numberOf(2)))
    expect((await db.members.findPhone(other))?.subject.startsWith(`${newId}.`)).toBe(true)
  })

  it('leaves what does not open as it is, says so, and keeps the old key', async () => {
    const both = await start(newKey, oldKey)
    await both.rekey({ keyId: oldId })
    const id = idOf(await both.bind('o1', numberOf(1)))
    const phone = await db.members.findPhone(id)
    if (!phone?.sealed) throw new Error('no number')
    await db.members.rekeyPhone(phone, { ...phone, sealed: phone.sealed.slice(0, -4) })
    expect(await both.rekey()).toEqual({ done: 1, left: 0, stuck: 1 })
    expect((await db.indexKeys.list()).map(({ id: keyId }) => keyId).sort()).toEqual([newId, oldId].sort())
  })

  it('refuses a key that this process was not given', async () => {
    const only = await start(oldKey)
    await expect(only.rekey({ keyId: 'ffffffff' })).rejects.toThrow('ffffffff')
    expect(await db.indexKeys.findWriting()).toBe(oldId)
  })
})
