import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { policyTables } from '../../test/support/policy-tables.ts'
import {
  decideNumber,
  decideUser,
  holds,
  type NumberFacts,
  numberPolicy,
  type UserFacts,
  userPolicy,
} from './merge-policy.ts'

/** Facts under which nothing stands in the way. */
const plain: NumberFacts = {
  user: 'new',
  number: 'none',
  isCountryAllowed: true,
  isBanned: false,
  knownOnly: false,
  isDoubtful: false,
  isProven: false,
  isLater: true,
}

describe('who a WeChat user is', () => {
  const facts = (over: Partial<UserFacts>): UserFacts => ({
    openid: 'known',
    unionid: 'another',
    hasNumber: true,
    anotherHasNumber: true,
    ...over,
  })

  it.each<[Partial<UserFacts>, string]>([
    [{ openid: 'unknown', unionid: 'none' }, 'nobody'],
    [{ openid: 'unknown', unionid: 'unknown' }, 'nobody'],
    [{ openid: 'unknown', unionid: 'another' }, 'unionid-member'],
    [{ unionid: 'none' }, 'openid-member'],
    [{ unionid: 'unknown' }, 'openid-member'],
    [{ unionid: 'same' }, 'openid-member'],
    [{ hasNumber: false, anotherHasNumber: true }, 'join-unionid-member'],
    [{ hasNumber: false, anotherHasNumber: false }, 'join-unionid-member'],
    [{ hasNumber: true, anotherHasNumber: false }, 'join-openid-member'],
    [{ hasNumber: true, anotherHasNumber: true }, 'openid-member'],
  ])('%j: %s', (over, decision) => {
    expect(decideUser(facts(over))).toBe(decision)
  })

  it('is decided for every combination of facts, and no row is in vain', () => {
    const reached = new Set<object>()
    for (const openid of ['unknown', 'known'] as const) {
      for (const unionid of ['none', 'unknown', 'same', 'another'] as const) {
        if (openid === 'unknown' && unionid === 'same') continue
        for (const hasNumber of [true, false]) {
          for (const anotherHasNumber of [true, false]) {
            const combined = { openid, unionid, hasNumber, anotherHasNumber }
            decideUser(combined)
            const row = userPolicy.find(({ when }) => holds(when, combined))
            if (row) reached.add(row)
          }
        }
      }
    }
    expect(reached.size).toBe(userPolicy.length)
  })
})

describe('what becomes of a number', () => {
  const refused = (refuse: string) => ({ refuse })

  it.each<[string, Partial<NumberFacts>, unknown]>([
    ['nobody known, no number', {}, 'create'],
    ['nobody known, a free number', { number: 'free' }, 'create-with-number'],
    ["nobody known, another's number", { number: 'another' }, 'be-its-member'],
    ['known, no number sent', { user: 'bare' }, 'sign-in'],
    ['known with a number, none sent', { user: 'full' }, 'sign-in'],
    ['known without a number, a free one', { user: 'bare', number: 'free' }, 'bind'],
    ["known without a number, another's", { user: 'bare', number: 'another' }, 'join-its-member'],
    ['known, their own number', { user: 'full', number: 'own' }, 'confirm'],
    ['known with a number, a free one', { user: 'full', number: 'free' }, 'change'],
    ["known with a number, another's", { user: 'full', number: 'another' }, 'conflict'],
    ['an earlier free number that arrives late', { user: 'full', number: 'free', isLater: false }, 'keep'],
    [
      "another's, vouched for earlier than their own",
      { user: 'full', number: 'another', isLater: false },
      'keep',
    ],
    ['a doubtful number opens nothing', { number: 'another', isDoubtful: true }, 'verify'],
    ['nor for a member without one', { user: 'bare', number: 'another', isDoubtful: true }, 'verify'],
    [
      'but it does when it is proven',
      { number: 'another', isDoubtful: true, isProven: true },
      'be-its-member',
    ],
    [
      'and for a member without one',
      { user: 'bare', number: 'another', isDoubtful: true, isProven: true },
      'join-its-member',
    ],
    ["a doubtful number of the member's own", { user: 'full', number: 'own', isDoubtful: true }, 'confirm'],
    [
      'a doubtful number of another, beside an own one',
      { user: 'full', number: 'another', isDoubtful: true },
      'conflict',
    ],
    ['known members only, nobody known', { knownOnly: true }, refused('MEMBER_UNKNOWN')],
    ['known members only, a free number', { knownOnly: true, number: 'free' }, refused('MEMBER_UNKNOWN')],
    ["known members only, a member's number", { knownOnly: true, number: 'another' }, 'be-its-member'],
    [
      'known members only, a doubtful number makes nobody',
      { knownOnly: true, number: 'another', isDoubtful: true },
      refused('PHONE_VERIFICATION_REQUIRED'),
    ],
    ['known members only, a known member', { knownOnly: true, user: 'bare', number: 'free' }, 'bind'],
    ['banned, no number', { user: 'bare', isBanned: true }, refused('MEMBER_BANNED')],
    ['banned, another number', { user: 'full', number: 'free', isBanned: true }, refused('MEMBER_BANNED')],
    ['the number of a banned member', { number: 'another', isBanned: true }, refused('MEMBER_BANNED')],
    [
      'a country that is not taken',
      { number: 'free', isCountryAllowed: false },
      refused('PHONE_COUNTRY_NOT_ALLOWED'),
    ],
    [
      'a country that is not taken, of a known number',
      { user: 'full', number: 'own', isCountryAllowed: false },
      refused('PHONE_COUNTRY_NOT_ALLOWED'),
    ],
  ])('%s', (_name, over, decision) => {
    expect(decideNumber({ ...plain, ...over })).toEqual(decision)
  })

  it('is decided for every combination of facts, and no row is in vain', () => {
    const reached = new Set<object>()
    for (const user of ['new', 'bare', 'full'] as const) {
      for (const number of ['none', 'free', 'own', 'another'] as const) {
        if (number === 'own' && user !== 'full') continue
        for (let bits = 0; bits < 64; bits += 1) {
          const bit = (place: number) => (bits & (1 << place)) !== 0
          const facts = {
            user,
            number,
            isCountryAllowed: bit(0),
            isBanned: bit(1),
            knownOnly: bit(2),
            isDoubtful: bit(3),
            isProven: bit(4),
            isLater: bit(5),
          }
          decideNumber(facts)
          const row = numberPolicy.find(({ when }) => holds(when, facts))
          if (row) reached.add(row)
        }
      }
    }
    expect(reached.size).toBe(numberPolicy.length)
  })

  it('never opens a member by a doubtful number that nobody proved', () => {
    for (const user of ['new', 'bare', 'full'] as const) {
      const decision = decideNumber({ ...plain, user, number: 'another', isDoubtful: true })
      expect(['verify', 'conflict']).toContain(decision)
    }
  })
})

describe.each(['docs/who-is-who.md', 'docs/who-is-who.zh-CN.md'])('%s', (path) => {
  it('shows the tables as they are', async () => {
    const page = await readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8')
    for (const table of policyTables(path.includes('zh') ? 'zh' : 'en')) expect(page).toContain(table)
  })
})
