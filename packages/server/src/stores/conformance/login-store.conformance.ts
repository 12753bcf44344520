import { describe, expect, it } from 'vitest'
import {
  type LoginFilter,
  type LoginRecord,
  type LoginSum,
  latencyBoundsMs,
  type Person,
} from '../login-store.ts'
import { type CreateDatabases, useDatabases } from './databases.ts'
import { identity, phone } from './samples.ts'

export const login = (over: Partial<LoginRecord> = {}): LoginRecord => ({
  id: 'r1',
  supportCode: 'ABCDEFGH',
  atMs: 1000,
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
  totalMs: 5,
  steps: null,
  ...over,
})

const person = (over: Partial<Person>): Person => ({
  memberIds: [],
  openids: [],
  deviceIds: [],
  maskedSubjects: [],
  phoneSubjects: [],
  ...over,
})

const classes = (at: number, count = 1) => [...latencyBoundsMs, 0].map((_, i) => (i === at ? count : 0))
const sum = (over: Partial<LoginSum> = {}): LoginSum => ({
  startMs: 3_600_000,
  appid: 'wx1',
  way: 'login',
  outcome: 'ok',
  errcode: 0,
  entries: 1,
  lastAtMs: 3_700_000,
  wechatMs: 20,
  totalMs: 30,
  wechatBuckets: classes(2),
  totalBuckets: classes(3),
  ...over,
})

/** What every implementation must do, on two connections, as two processes would have. */
export function testLoginStore(create: CreateDatabases): void {
  describe('login store', () => {
    const at = useDatabases(create)
    const ids = async (filter: object) =>
      (await at.other.logins.search({ limit: 50, ...filter })).map(({ id }) => id)

    it('gives back what was written, and takes an entry that comes again once', async () => {
      const whole = login({ rid: 'rid-1', errcode: 40029, wechatMs: 3, steps: '[]', component: 'quick' })
      await at.db.logins.add([whole])
      await at.other.logins.add([{ ...whole, outcome: 'INTERNAL' }, login({ id: 'r2' })])
      expect(await at.db.logins.find('r1')).toEqual(whole)
      const { steps: _, ...summary } = whole
      expect(await at.db.logins.search({ id: 'r1', limit: 9 })).toEqual([summary])
      expect(await at.db.logins.find('r9')).toBeUndefined()
      expect(await ids({})).toEqual(['r2', 'r1'])
    })

    it('takes any number of entries at once', async () => {
      const many = Array.from({ length: 257 }, (_, i) => login({ id: `r${i}`, atMs: i }))
      await at.db.logins.add(many)
      expect(await ids({ limit: 300 })).toHaveLength(257)
    })

    it.each<[string, Partial<LoginRecord>, Partial<LoginFilter>]>([
      ['id', { id: 'x' }, { id: 'x' }],
      ['support code', { supportCode: 'X' }, { supportCode: 'X' }],
      ['rid', { rid: 'x' }, { rid: 'x' }],
      ['openid', { openid: 'x' }, { openid: 'x' }],
      ['member', { memberId: 'x' }, { person: person({ memberIds: ['y', 'x'] }) }],
      ['device', { deviceId: 'x' }, { person: person({ memberIds: ['y'], deviceIds: ['x'] }) }],
      ['openid of somebody', { openid: 'x' }, { person: person({ memberIds: ['y'], openids: ['x'] }) }],
      ['back end', { clientId: 'x' }, { clientId: 'x' }],
      ['login code', { loginCodeKey: 'x' }, { codeKeys: ['y', 'x'] }],
      ['phone code', { phoneCodeKey: 'x' }, { codeKeys: ['y', 'x'] }],
      ['masked number', { maskedSubject: 'x' }, { person: person({ maskedSubjects: ['y', 'x'] }) }],
      ['number', { phoneSubject: 'x' }, { person: person({ phoneSubjects: ['y', 'x'] }) }],
      ['app', { appid: 'x' }, { appid: 'x' }],
      ['way', { way: 'openid' }, { way: 'openid' }],
      ['outcome', { outcome: 'INTERNAL' }, { outcome: 'INTERNAL' }],
      ['failure', { outcome: 'INTERNAL' }, { isFailed: true }],
      ['app and failure', { appid: 'x', outcome: 'INTERNAL' }, { appid: 'x', isFailed: true }],
      ['time', { atMs: 2000 }, { fromMs: 2000, untilMs: 2001 }],
    ])('finds by %s, and nothing else', async (_, known, filter) => {
      await at.db.logins.add([login({ id: 'other' }), login({ id: 'that', ...known })])
      expect(await ids(filter)).toEqual([known.id ?? 'that'])
    })

    it('pages from the newest on, also where many happened at once', async () => {
      const entries = Array.from({ length: 7 }, (_, i) => login({ id: `r${i}`, atMs: 1000 + (i >> 1) }))
      await at.db.logins.add(entries)
      const seen: string[] = []
      for (let before: { atMs: number; id: string } | undefined, page = 0; page < 4; page += 1) {
        const found = await at.other.logins.search({ before, limit: 2 })
        seen.push(...found.map(({ id }) => id))
        before = found.at(-1)
      }
      expect(seen).toEqual(['r6', 'r5', 'r4', 'r3', 'r2', 'r1', 'r0'])
    })

    it('adds up what many processes count at once, each kind for itself', async () => {
      await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          (i % 2 ? at.db : at.other).transaction(({ logins }) =>
            logins.addSums([
              sum(),
              sum({ outcome: 'INTERNAL', errcode: -1, totalBuckets: classes(11), lastAtMs: 3_600_001 + i }),
            ]),
          ),
        ),
      )
      await at.db.transaction(({ logins }) =>
        logins.addSums([sum({ startMs: 7_200_000 }), sum({ appid: 'wx2' })]),
      )
      const eight = { entries: 8, wechatMs: 160, totalMs: 240, wechatBuckets: classes(2, 8) }
      const whole = { fromMs: 0, untilMs: 9e12 }
      expect(await at.other.logins.sums({ appid: 'wx1', ...whole })).toEqual([
        sum({
          ...eight,
          outcome: 'INTERNAL',
          errcode: -1,
          totalBuckets: classes(11, 8),
          lastAtMs: 3_600_008,
        }),
        sum({ ...eight, totalBuckets: classes(3, 8) }),
        sum({ startMs: 7_200_000 }),
      ])
      expect(await at.other.logins.sums({ fromMs: 0, untilMs: 7_200_000 })).toHaveLength(3)
    })

    it('knows by a number or an id what else somebody is known by', async () => {
      await at.db.members.create({ id: 'm1', createdAtMs: 1 })
      await at.db.members.addIdentities([identity(), phone({ maskedSubject: 'masked' })])
      await at.db.members.create({ id: 'm2', createdAtMs: 1 })
      await at.db.members.addIdentities([identity({ subject: 'o2', memberId: 'm2' })])
      const known = { memberIds: ['m1'], openids: ['o1'] }
      expect(await at.other.logins.whoIs({ phoneSubjects: ['p1'] })).toMatchObject(known)
      expect(await at.other.logins.whoIs({ maskedSubjects: ['masked'] })).toMatchObject(known)
      expect(await at.other.logins.whoIs({ memberIds: ['m1'] })).toMatchObject(known)
      const nobody = person({ phoneSubjects: ['p9'] })
      expect(await at.other.logins.whoIs({ phoneSubjects: ['p9'] })).toEqual(nobody)
      const numbers = await at.other.logins.phonesOf(['m1', 'm2'])
      expect(numbers).toEqual([{ memberId: 'm1', subject: 'p1', sealed: 'x' }])
    })
  })
}
