import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createClient } from '../../../test/support/fixture.ts'
import { device, h5, number, useSmsService, wrong } from '../../../test/support/sms-service.ts'
import { backUp, restore } from '../../beside/back-up.ts'
import { createHaoma } from '../../create-haoma.ts'
import { createKeyRing } from '../../crypto/key-ring.ts'
import { createLogger } from '../../kernel/logger.ts'
import { rekeyNumbers } from '../../numbers/rekey.ts'
import { createPhoneVault } from '../../numbers/vault.ts'
import { openSqliteDatabase } from '../../stores/sql/database.ts'

const at = useSmsService()
const { send, login, signIn, codeOf, advance } = at

describe('codes that were asked for', () => {
  it('are handed out with the rest that is stored about a member, and go with it', async () => {
    const { body } = await signIn()
    await advance(61_000)
    await send()
    const { privacy } = at.fixture.haoma.people
    const actor = { kind: 'admin', id: 'a1' } as const
    const memberId = body.member.id
    const exported = await privacy.exportMember({ actor, memberId, reason: 'asked by the member' })
    expect(exported.smsCodes.map(({ appid, state }) => [appid, state])).toEqual([
      [h5, 'used'],
      [h5, 'sent'],
    ])
    await advance(61_000)
    await send({ phoneNumber: '13800138001' })
    await privacy.eraseMember(memberId, actor)
    const left = await at.fixture.db.sms.search({}, { limit: 10, nowMs: at.now() })
    expect(left).toHaveLength(1)
    expect(at.fixture.haoma.people.vault.read(left[0] ?? { subject: '', sealed: null })).toBe(
      '+8613800138001',
    )
  })

  it('are removed a week after they ran out', async () => {
    await send()
    await advance(8 * 86_400_000)
    await at.fixture.haoma.housekeep()
    expect(await at.fixture.db.sms.search({}, { limit: 10, nowMs: at.now() })).toEqual([])
  })
})

describe('with a master key that takes over from another', () => {
  const opened: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close()
  })

  it('a code that is on its way stays good, its number stays taken, and nothing needs the old key afterwards', async () => {
    const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
    const folder = await mkdtemp(join(tmpdir(), 'haoma-sms-'))
    opened.push({ close: () => rm(folder, { recursive: true }) })
    const databaseUrl = `sqlite:${join(folder, 'haoma.db')}`
    const start = async (masterKey: Buffer, ...oldMasterKeys: Buffer[]) => {
      const haoma = await createHaoma({
        databaseUrl,
        masterKey,
        oldMasterKeys,
        apps: [{ appid: h5, kind: 'h5' }],
        sms: { provider: at.providers.aliyun },
        logger: createLogger('silent'),
      })
      opened.push(haoma)
      return createClient(haoma)
    }
    const first = await send({}, await start(oldKey))
    const both = await start(newKey, oldKey)
    expect((await send({ client: {} }, both)).status).toBe(429)

    const db = await openSqliteDatabase(join(folder, 'haoma.db'))
    opened.push(db)
    const keyRing = createKeyRing([newKey, oldKey])
    const clock = { now: () => Date.now() }
    const vault = createPhoneVault(keyRing, createLogger('silent'))
    expect(await rekeyNumbers({ db, keyRing, vault, clock })).toEqual({ done: 1, left: 0, stuck: 0 })
    expect((await send({ client: {} }, both)).status).toBe(429)
    const entry = { requestId: first.body.requestId, code: codeOf(), client: device }
    expect((await both.post('/v1/sms/login', entry)).status).toBe(200)
    expect(at.providers.taken).toHaveLength(1)
  })

  it('a restored backup lets no code of before in', async () => {
    const masterKey = randomBytes(32)
    const folder = await mkdtemp(join(tmpdir(), 'haoma-sms-'))
    opened.push({ close: () => rm(folder, { recursive: true }) })
    const place = (name: string) => ({ databaseUrl: `sqlite:${join(folder, name)}`, masterKey })
    const start = async (name: string) => {
      const haoma = await createHaoma({
        ...place(name),
        apps: [{ appid: h5, kind: 'h5' }],
        sms: { provider: at.providers.tencent },
        logger: createLogger('silent'),
      })
      opened.push(haoma)
      return createClient(haoma)
    }
    const { body } = await send({}, await start('first.db'))
    await backUp(place('first.db'), join(folder, 'copy'))
    await restore(place('second.db'), join(folder, 'copy'))
    const second = await start('second.db')
    const entry = { requestId: body.requestId, code: codeOf(), client: device }
    expect((await second.post('/v1/sms/login', entry)).body.code).toBe('SMS_CODE_OVER')
    expect((await send({ phoneNumber: number, client: {} }, second)).status).toBe(429)
  })
})

describe('while the database is away', () => {
  it('a code is not sent, and one that was entered right is good for another try', async () => {
    const { createFaultyDatabase } = await import('../../../test/support/faulty-database.ts')
    const faults = createFaultyDatabase()
    await at.reopen({}, {}, { wrapDatabase: faults.wrap })
    faults.break()
    expect((await send()).body).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' })
    expect(at.providers.asked()).toBe(0)
    faults.mend()
    const { body } = await send()
    expect((await login(body.requestId, wrong(codeOf()))).body.code).toBe('SMS_CODE_WRONG')
    faults.breakBefore(2)
    expect((await login(body.requestId, codeOf())).body.code).toBe('STORE_UNAVAILABLE')
    faults.mend()
    // Also when it was the answer to the commit that was lost.
    faults.breakAfter(8)
    await login(body.requestId, codeOf())
    faults.mend()
    expect((await login(body.requestId, codeOf())).status).toBe(200)
  })

  it('a code that went out is told of, although nobody could write down that it did', async () => {
    const { createFaultyDatabase } = await import('../../../test/support/faulty-database.ts')
    const faults = createFaultyDatabase()
    await at.reopen({}, {}, { wrapDatabase: faults.wrap })
    let letGo = () => {}
    at.providers.next({ hold: new Promise((resolve) => (letGo = resolve)) })
    const sending = send()
    await expect.poll(() => at.providers.asked()).toBe(1)
    faults.break()
    letGo()
    const { status, body } = await sending
    expect(status).toBe(200)
    faults.mend()
    expect((await login(body.requestId, codeOf())).status).toBe(200)
  })
})
