import type { ErrorCode } from '@haoma/protocol'

/**
 * Who somebody is, decided from facts alone: no clock, no store. Two tables, read from the top; the first row whose
 * `when` holds decides. docs/login-service.md shows them, made from here.
 */

/** What is known of a WeChat user before a number is looked at. */
export interface UserFacts {
  /** Whether the openid is some member's. */
  openid: 'unknown' | 'known'
  /** `none`: WeChat gave no unionid · `same`: of the openid's member · `another`: of another member. */
  unionid: 'none' | 'unknown' | 'same' | 'another'
  /** Whether the openid's member has a number. */
  hasNumber: boolean
  /** Whether the unionid's member has a number. */
  anotherHasNumber: boolean
}

/** Which member a WeChat user is. */
export type UserDecision =
  /** Nobody known. */
  | 'nobody'
  /** The member of the openid. */
  | 'openid-member'
  /** The member of the unionid. */
  | 'unionid-member'
  /** The openid's member becomes part of the unionid's. */
  | 'join-unionid-member'
  /** The unionid's member becomes part of the openid's. */
  | 'join-openid-member'

/** What is known when a number comes to a user, or none does. */
export interface NumberFacts {
  /** The user's member: `new` nobody yet · `bare` has no number · `full` has one. */
  user: 'new' | 'bare' | 'full'
  /** `none` came · `free` nobody has it · `own` the user's member has it · `another` member has it. */
  number: 'none' | 'free' | 'own' | 'another'
  /** The app takes numbers of this country. */
  isCountryAllowed: boolean
  /** The user's member, or the one who has the number, was banned. */
  isBanned: boolean
  /** The app lets known members in and makes none. */
  knownOnly: boolean
  /** The number was last vouched for long ago, or by another WeChat user since: it may have a new holder. */
  isDoubtful: boolean
  /** The number was checked right now: by the realtime component or by SMS. */
  isProven: boolean
  /** It was vouched for later than the number the user has. */
  isLater: boolean
}

export type NumberDecision =
  /** Signed in; nothing changes. */
  | 'sign-in'
  /** A new member. */
  | 'create'
  /** A new member who has the number. */
  | 'create-with-number'
  /** The user is the member who has the number. */
  | 'be-its-member'
  /** The user's member becomes part of the member who has the number. */
  | 'join-its-member'
  /** The number is the member's first. */
  | 'bind'
  /** The number takes the place of the one before. */
  | 'change'
  /** Vouched for again. */
  | 'confirm'
  /** The number that the member has is the later one, and stays. */
  | 'keep'
  /** Nobody gives way by itself: a merge ticket keeps the number. */
  | 'conflict'
  /** The number must be checked right now before it opens anything. A new user is signed in without it. */
  | 'verify'
  /** Nothing is done at all. */
  | { refuse: ErrorCode }

/** Facts by name; a list means any of them. What is not named does not matter. */
export type When<Facts> = { [Name in keyof Facts]?: Facts[Name] | readonly Facts[Name][] }

export interface PolicyRow<Facts, Decision> {
  when: When<Facts>
  decide: Decision
}

export const userPolicy: readonly PolicyRow<UserFacts, UserDecision>[] = [
  { when: { openid: 'unknown', unionid: ['none', 'unknown'] }, decide: 'nobody' },
  { when: { openid: 'unknown', unionid: 'another' }, decide: 'unionid-member' },
  { when: { openid: 'known', unionid: ['none', 'unknown', 'same'] }, decide: 'openid-member' },
  { when: { openid: 'known', unionid: 'another', hasNumber: false }, decide: 'join-unionid-member' },
  {
    when: { openid: 'known', unionid: 'another', hasNumber: true, anotherHasNumber: false },
    decide: 'join-openid-member',
  },
  {
    when: { openid: 'known', unionid: 'another', hasNumber: true, anotherHasNumber: true },
    decide: 'openid-member',
  },
]

export const numberPolicy: readonly PolicyRow<NumberFacts, NumberDecision>[] = [
  { when: { isBanned: true }, decide: { refuse: 'MEMBER_BANNED' } },
  {
    when: { number: ['free', 'own', 'another'], isCountryAllowed: false },
    decide: { refuse: 'PHONE_COUNTRY_NOT_ALLOWED' },
  },
  { when: { user: 'new', number: ['none', 'free'], knownOnly: true }, decide: { refuse: 'MEMBER_UNKNOWN' } },
  { when: { user: 'new', number: 'none' }, decide: 'create' },
  { when: { user: 'new', number: 'free' }, decide: 'create-with-number' },
  {
    when: { user: 'new', number: 'another', isDoubtful: true, isProven: false, knownOnly: true },
    decide: { refuse: 'PHONE_VERIFICATION_REQUIRED' },
  },
  {
    when: { user: ['new', 'bare'], number: 'another', isDoubtful: true, isProven: false },
    decide: 'verify',
  },
  { when: { user: 'new', number: 'another' }, decide: 'be-its-member' },
  { when: { user: 'bare', number: 'another' }, decide: 'join-its-member' },
  { when: { user: ['bare', 'full'], number: 'none' }, decide: 'sign-in' },
  { when: { user: 'bare', number: 'free' }, decide: 'bind' },
  { when: { user: 'full', number: 'own' }, decide: 'confirm' },
  { when: { user: 'full', number: ['free', 'another'], isLater: false }, decide: 'keep' },
  { when: { user: 'full', number: 'free' }, decide: 'change' },
  { when: { user: 'full', number: 'another' }, decide: 'conflict' },
]

export const decideUser = (facts: UserFacts): UserDecision => decide(userPolicy, facts)
export const decideNumber = (facts: NumberFacts): NumberDecision => decide(numberPolicy, facts)

function decide<Facts extends object, Decision>(
  policy: readonly PolicyRow<Facts, Decision>[],
  facts: Facts,
): Decision {
  const row = policy.find(({ when }) => holds(when, facts))
  if (!row) throw new TypeError(`no row of the merge policy fits ${JSON.stringify(facts)}`)
  return row.decide
}

export function holds<Facts extends object>(when: When<Facts>, facts: Facts): boolean {
  return (Object.keys(when) as (keyof Facts)[]).every((name) => {
    const wanted = when[name]
    return Array.isArray(wanted) ? wanted.includes(facts[name]) : wanted === facts[name]
  })
}
