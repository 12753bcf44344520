import {
  type NumberDecision,
  type NumberFacts,
  numberPolicy,
  type PolicyRow,
  type UserDecision,
  type UserFacts,
  userPolicy,
  type When,
} from '../../src/members/merge-policy.ts'

type Language = 'zh' | 'en'
type Texts<Key extends string> = Record<Key, Record<Language, string>>

const userDecisions: Texts<UserDecision> = {
  nobody: { zh: '没有人认识', en: 'nobody known' },
  'openid-member': {
    zh: 'openid 的会员；未知的 unionid 归入该会员',
    en: 'the member of the openid; a unionid that is not known yet is linked',
  },
  'unionid-member': {
    zh: 'unionid 的会员；openid 归入该会员',
    en: 'the member of the unionid; the openid is linked',
  },
  'join-unionid-member': {
    zh: 'openid 的会员并入 unionid 的会员',
    en: "the openid's member becomes part of the unionid's",
  },
  'join-openid-member': {
    zh: 'unionid 的会员并入 openid 的会员',
    en: "the unionid's member becomes part of the openid's",
  },
}

const numberDecisions: Texts<Extract<NumberDecision, string>> = {
  'sign-in': { zh: '登录', en: 'signed in' },
  create: { zh: '新会员', en: 'a new member' },
  'create-with-number': { zh: '新会员，绑定该号码', en: 'a new member with the number' },
  'be-its-member': { zh: '就是拥有该号码的会员', en: 'the member who has the number' },
  'join-its-member': { zh: '并入拥有该号码的会员', en: 'becomes part of the member who has the number' },
  bind: { zh: '绑定', en: 'bound' },
  change: { zh: '更换；旧号码可被他人绑定', en: 'changed; the old number is free' },
  confirm: { zh: '再次确认', en: 'vouched for again' },
  keep: { zh: '保留现有号码（它验证得更晚）', en: 'the number stays: it was vouched for later' },
  conflict: {
    zh: '`IDENTITY_CONFLICT`，附合并票据；会员照常登录',
    en: '`IDENTITY_CONFLICT` with a merge ticket; signed in all the same',
  },
  verify: {
    zh: '`PHONE_VERIFICATION_REQUIRED`；不带号码登录',
    en: '`PHONE_VERIFICATION_REQUIRED`; signed in without the number',
  },
}

const facts: Texts<string> = {
  openid: { zh: 'openid', en: 'openid' },
  unionid: { zh: 'unionid', en: 'unionid' },
  hasNumber: { zh: 'openid 的会员有号码', en: "the openid's member has a number" },
  anotherHasNumber: { zh: 'unionid 的会员有号码', en: "the unionid's member has a number" },
  user: { zh: '会员', en: 'member' },
  number: { zh: '号码', en: 'number' },
  isCountryAllowed: { zh: '国家/地区被接受', en: 'country is taken' },
  isBanned: { zh: '已停用（本人或号码的主人）', en: 'banned, themselves or who has the number' },
  knownOnly: { zh: '该应用只接受已有会员', en: 'the app takes known members only' },
  isDoubtful: { zh: '号码可能已换人', en: 'the number may have a new holder' },
  isProven: { zh: '刚刚验证（实时组件或短信）', en: 'checked right now (realtime, SMS)' },
  isLater: { zh: '验证晚于现有号码', en: 'vouched for later than the one they have' },
}

const values: Texts<string> = {
  unknown: { zh: '未知', en: 'unknown' },
  known: { zh: '已知', en: 'known' },
  none: { zh: '没有', en: 'none' },
  same: { zh: '同一会员', en: 'same member' },
  another: { zh: '另一会员', en: "another member's" },
  new: { zh: '未知', en: 'unknown' },
  bare: { zh: '没有号码', en: 'has no number' },
  full: { zh: '有号码', en: 'has a number' },
  free: { zh: '无人绑定', en: "nobody's" },
  own: { zh: '本人', en: 'their own' },
  true: { zh: '是', en: 'yes' },
  false: { zh: '否', en: 'no' },
}

/** The merge policy as Markdown tables: who a WeChat user is, and what becomes of a number. */
export function policyTables(language: Language): [string, string] {
  return [
    table<UserFacts, UserDecision>(
      userPolicy,
      ['openid', 'unionid'],
      language,
      (decision) => userDecisions[decision][language],
    ),
    table<NumberFacts, NumberDecision>(numberPolicy, ['user', 'number'], language, (decision) =>
      typeof decision === 'string' ? numberDecisions[decision][language] : `\`${decision.refuse}\``,
    ),
  ]
}

function table<Facts extends object, Decision>(
  policy: readonly PolicyRow<Facts, Decision>[],
  columns: readonly (keyof Facts & string)[],
  language: Language,
  decide: (decision: Decision) => string,
): string {
  const say = (texts: Texts<string>, key: string) => texts[key]?.[language] ?? key
  const wordFor = (wanted: unknown) =>
    [wanted]
      .flat()
      .map((value) => say(values, String(value)))
      .join(language === 'zh' ? '、' : ', ')
  const besides = (when: When<Facts>) =>
    (Object.keys(when) as (keyof Facts & string)[])
      .filter((name) => !columns.includes(name))
      .map((name) => `${say(facts, name)}: ${wordFor(when[name])}`)
      .join('; ')
  const heads = [
    ...columns.map((name) => say(facts, name)),
    language === 'zh' ? '并且' : 'and',
    language === 'zh' ? '结果' : 'result',
  ]
  const rows = policy.map(({ when, decide: decision }) => [
    ...columns.map((name) => (when[name] === undefined ? '' : wordFor(when[name]))),
    besides(when),
    decide(decision),
  ])
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}
