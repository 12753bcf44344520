import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createFaultyDatabase } from '../../test/support/faulty-database.ts'
import { appid, basic, bearer, type Fixture, startFixture } from '../../test/support/fixture.ts'
import { DAY_MS, dayStart } from '../kernel/calendar.ts'
import { createUuidV7, supportCodeOf } from '../kernel/ids.ts'
import { createLogger } from '../kernel/logger.ts'
import type { Database } from '../stores/database.ts'
import type { LoginRecord } from '../stores/login-store.ts'
import { openSqliteDatabase } from '../stores/sql/database.ts'
import { createJournal } from './journal.ts'
import type { Step } from './steps.ts'

describe('the journal of a service', () => {
  let fixture: Fixture
  beforeAll(async () => {
    fixture = await startFixture({ limits: { 'login.app': { points: 60, withinS: 600 } } })
    await fixture.wechat.addUser('journal', ['13512345678'])
  })
  afterEach(() => fixture.wechat.clearFaults())
  afterAll(() => fixture.close())

  const entryOf = async (requestId: string | null) => {
    await fixture.haoma.housekeep()
    const entry = await fixture.db.logins.find(requestId ?? '')
    if (!entry) throw new Error('not in the journal')
    const steps: Step[] = JSON.parse(entry.steps ?? '[]')
    return { ...entry, timeline: steps.map(({ step }) => step), steps }
  }
  const idOf = ({ headers }: { headers: Headers }) => headers.get('x-request-id')
  const codes = async () => ({
    appid,
    loginCode: await fixture.wechat.loginCode('journal'),
    phoneCode: await fixture.wechat.phoneCode('journal'),
  })

  it('tells of a login who it was, what it came with and what happened', async () => {
    const body = {
      ...(await codes()),
      client: { deviceId: 'device-0001', platform: 'ios', clientVersion: '1' },
    }
    const answer = await fixture.post('/v1/login', body)
    const entry = await entryOf(idOf(answer))
    expect(entry).toMatchObject({
      way: 'login',
      outcome: 'ok',
      appid,
      memberId: answer.body.member.id,
      sessionId: expect.any(String),
      openid: expect.any(String),
      deviceId: 'device-0001',
      platform: 'ios',
      clientVersion: '1',
      supportCode: supportCodeOf(idOf(answer) ?? ''),
      wechatMs: expect.any(Number),
    })
    expect(entry.timeline).toEqual([
      'written-down',
      'written-down',
      'asked-wechat',
      'asked-wechat',
      'stored',
      'code-ended',
      'code-ended',
      'decided',
      'answered',
    ])
    const stored = await fixture.storedCode('phone', body.phoneCode)
    expect(entry.phoneCodeKey).toBe(stored?.key)
    const { vault } = fixture.haoma.people
    expect(vault.subjectsOf('+8613512345678')).toContain(entry.phoneSubject)
    expect(vault.maskedSubjectsOf('135****5678')).toContain(entry.maskedSubject)
  })

  it('holds no number, code or secret', async () => {
    const body = await codes()
    const answer = await fixture.post('/v1/login', body)
    const text = JSON.stringify(await entryOf(idOf(answer)))
    const hash = createHash('sha256').update(body.phoneCode).digest('hex')
    const { accessToken, refreshToken } = answer.body.session
    for (const secret of [body.loginCode, body.phoneCode, hash, '13512345678', accessToken, refreshToken]) {
      expect(text).not.toContain(secret)
    }
  })

  it('finds by the support code in an error what WeChat said, with its rid', async () => {
    const answer = await fixture.post('/v1/login', { ...(await codes()), phoneCode: '0'.repeat(64) })
    expect(answer.body.supportCode).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/)
    await fixture.haoma.housekeep()
    const found = await fixture.db.logins.search({ supportCode: answer.body.supportCode, limit: 9 })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      outcome: 'PHONE_CODE_INVALID',
      errcode: 40029,
      openid: expect.any(String),
    })
    expect(found[0]?.rid).toBe(answer.body.wechat.rid)
  })

  it('tells that a login sent again was given what it was given before', async () => {
    const body = await codes()
    const first = await fixture.post('/v1/login', body)
    const again = await entryOf(idOf(await fixture.post('/v1/login', body)))
    expect(again).toMatchObject({ outcome: 'ok', memberId: first.body.member.id, wechatMs: null })
    expect(again.timeline).toEqual(['found-ended', 'found-ended', 'replayed', 'answered'])
  })

  it('tells who waited for the same code, and who had it first', async () => {
    await fixture.wechat.fault({ kind: 'latency', path: '/wxa/business/getuserphonenumber', latencyMs: 30 })
    const body = await codes()
    const answers = await Promise.all([1, 2].map(() => fixture.post('/v1/login', body)))
    const entries = await Promise.all(answers.map(async (answer) => entryOf(idOf(answer))))
    expect(entries.map(({ timeline }) => timeline.includes('waited-here')).sort()).toEqual([false, true])
    const foreign = await fixture.post('/v1/login', { ...body, client: { deviceId: 'another-device' } })
    expect((await entryOf(idOf(foreign))).timeline).toContain('found-foreign')
  })

  it('knows the member of a binding, and the back end of an exchange', async () => {
    const { session, member } = (
      await fixture.post('/v1/login', { ...(await codes()), phoneCode: undefined })
    ).body
    const phoneCode = await fixture.wechat.phoneCode('journal')
    const bound = await fixture.post('/v1/phone', { phoneCode }, bearer(session.accessToken))
    expect(await entryOf(idOf(bound))).toMatchObject({
      way: 'phone',
      outcome: 'ok',
      appid,
      memberId: member.id,
      phoneSubject: expect.any(String),
    })
    const client = await fixture.haoma.clients.create({ name: 'shop', scopes: ['exchange'] })
    const exchange = { appid, phoneCode: await fixture.wechat.phoneCode('journal') }
    const exchanged = await fixture.post('/v1/exchange', exchange, basic(client))
    expect(await entryOf(idOf(exchanged))).toMatchObject({
      way: 'exchange',
      outcome: 'ok',
      clientId: client.clientId,
      phoneSubject: expect.any(String),
    })
  })

  it('counts by day in Shanghai, and gives a stranger’s apps no row of their own', async () => {
    await fixture.advance(DAY_MS)
    for (const unknown of ['wxa', 'wxb', 'wxc']) {
      await fixture.post('/v1/login', { appid: unknown, loginCode: 'x'.repeat(32) })
    }
    await fixture.post('/v1/login', { appid, loginCode: 'x'.repeat(32) })
    await fixture.haoma.housekeep()
    const [newest] = await fixture.db.logins.search({ limit: 1 })
    const fromMs = dayStart(newest?.atMs ?? 0)
    const sums = await fixture.db.logins.sums({ fromMs, untilMs: fromMs + DAY_MS })
    expect(
      sums
        .map(({ lastAtMs }) => lastAtMs)
        .sort()
        .at(-1),
    ).toBe(newest?.atMs)
    expect(sums.map(({ appid, outcome, errcode, entries }) => [appid, outcome, errcode, entries])).toEqual([
      [appid, 'LOGIN_CODE_INVALID', 40029, 1],
      ['', 'UNKNOWN_APP', 0, 3],
    ])
    for (const { totalBuckets, entries } of sums) {
      expect(totalBuckets.reduce((sum, count) => sum + count, 0)).toBe(entries)
    }
  })

  it('tells of what guards and schemas refused as far as it is known', async () => {
    const foreign = await fixture.post('/v1/phone', { phoneCode: 'a'.repeat(64) })
    expect(await entryOf(idOf(foreign))).toMatchObject({ way: 'phone', outcome: 'SESSION_REQUIRED' })
    const bad = await fixture.post('/v1/login', { appid, client: { deviceId: 'a\u0000bcdefgh' } })
    expect(await entryOf(idOf(bad))).toMatchObject({ outcome: 'BAD_REQUEST', appid, deviceId: 'abcdefgh' })
    const text = await fixture.send('POST', '/v1/login', { body: 'x'.repeat(99_999) })
    expect(await entryOf(idOf(text))).toMatchObject({ outcome: 'UNSUPPORTED_MEDIA_TYPE', appid: null })
    for (let i = 0; i < 60; i += 1) {
      const answer = await fixture.post('/v1/login', { appid, loginCode: 'x' })
      if (answer.status !== 429) continue
      expect(await entryOf(idOf(answer))).toMatchObject({ outcome: 'RATE_LIMITED', appid })
      return
    }
    throw new Error('nobody was refused')
  })
})

describe('what waits for the database', () => {
  const databases: Database[] = []
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.close()
  })

  const entry = (i: number): LoginRecord => ({
    id: `request-${String(i).padStart(5, '0')}`,
    supportCode: 'ABCDEFGH',
    atMs: 1000 + i,
    way: 'login',
    appid: 'wx1',
    clientId: null,
    component: null,
    outcome: 'ok',
    errcode: null,
    rid: null,
    openid: null,
    memberId: null,
    sessionId: null,
    deviceId: null,
    loginCodeKey: null,
    phoneCodeKey: null,
    maskedSubject: null,
    phoneSubject: null,
    platform: null,
    clientVersion: null,
    wechatMs: null,
    totalMs: 7,
    steps: null,
  })

  const start = async (waitingEntries = 1000) => {
    const plain = await openSqliteDatabase(':memory:')
    databases.push(plain)
    const faulty = createFaultyDatabase()
    const journal = createJournal({
      db: faulty.wrap(plain),
      clock: { now: () => 1_700_000_000_000 },
      newId: createUuidV7,
      logger: createLogger('silent'),
      waitingEntries,
    })
    const write = (from: number, to: number) => {
      for (let i = from; i < to; i += 1) journal.write(entry(i), true)
    }
    const stored = async () => {
      const sums = await plain.logins.sums({ fromMs: -9e12, untilMs: 9e12 })
      const entries = await plain.logins.search({ limit: 5000 })
      return {
        entries: entries.length,
        counted: sums.reduce((sum, { entries }) => sum + entries, 0),
        ids: entries,
      }
    }
    return { journal, faulty, write, stored }
  }

  it('is stored once it is back, each entry and count once', async () => {
    const { journal, faulty, write, stored } = await start()
    faulty.break()
    write(0, 250)
    await journal.flush()
    write(250, 300)
    await journal.flush()
    faulty.mend()
    await journal.flush()
    expect(await stored()).toMatchObject({ entries: 300, counted: 300 })
  })

  it.each([1, 2, 3, 4])('is stored once when the answer to call %i is lost', async (call) => {
    const { journal, faulty, write, stored } = await start()
    write(0, 10)
    faulty.breakAfter(call)
    await journal.flush()
    faulty.mend()
    write(10, 20)
    await journal.flush()
    expect(await stored()).toMatchObject({ entries: 20, counted: 20 })
  })

  it('loses the oldest entries when it is too much, says how many, and loses no count', async () => {
    const { journal, faulty, write, stored } = await start(30)
    faulty.break()
    write(0, 50)
    expect(journal.shed).toBe(20)
    faulty.mend()
    await journal.close()
    const { entries, counted, ids } = await stored()
    expect([entries, counted]).toEqual([30, 50])
    expect(ids.at(-1)?.id).toBe('request-00020')
  })

  it('does not wait for an entry that the database never takes', async () => {
    const { journal, write, stored } = await start()
    const broken: unknown = { ...entry(0), way: null }
    journal.write(broken as LoginRecord, false)
    await journal.flush()
    write(1, 3)
    await journal.flush()
    expect(journal.shed).toBe(1)
    expect(await stored()).toMatchObject({ entries: 2 })
  })
})
