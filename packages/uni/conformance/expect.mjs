/** What a check finds wrong: said as it stands. */
export class Nonconforming extends Error {
  name = 'Nonconforming'
}

/** @param {unknown} holds */
export function must(holds, wrong) {
  if (!holds) throw new Nonconforming(wrong)
}

const actions = [
  'retry',
  'login-again',
  'tap-again',
  'verify-number',
  'resolve-conflict',
  'use-fallback',
  'show-message',
  'give-up',
]
const isText = (value) => typeof value === 'string' && value.length > 0
const shown = ({ status, text }) => `${status} ${text.slice(0, 160)}`

export function mustBeMember(answer, { bound } = {}) {
  const { member } = answer.body ?? {}
  must(answer.status === 200, `expected 200 with a member, got ${shown(answer)}`)
  must(isText(member?.id), `member.id is a text: ${shown(answer)}`)
  must(typeof member.phone?.bound === 'boolean', `member.phone.bound is true or false: ${shown(answer)}`)
  if (bound !== undefined)
    must(member.phone.bound === bound, `member.phone.bound is ${bound}: ${shown(answer)}`)
  if (member.phone.bound) must(isText(member.phone.masked), `member.phone.masked is a text: ${shown(answer)}`)
  return member
}

export function mustBeSession(session, answer) {
  must(isText(session?.accessToken), `session.accessToken is a text: ${shown(answer)}`)
  must(isText(session.refreshToken), `session.refreshToken is a text: ${shown(answer)}`)
  must(session.expiresInS > 0, `session.expiresInS is a number of seconds: ${shown(answer)}`)
  return session
}

/** An error in the form that the mini program understands; with one of the actions, if any is named. */
export function mustBeProblem(answer, ...wanted) {
  const { code, action, texts } = answer.body ?? {}
  must(answer.status >= 400, `expected a refusal, got ${shown(answer)}`)
  must(isText(code), `a refusal has a code: ${shown(answer)}`)
  must(actions.includes(action), `action is one of ${actions.join(', ')}: ${shown(answer)}`)
  must(
    isText(texts?.zh) && isText(texts?.en),
    `a refusal says what to do in texts.zh and texts.en: ${shown(answer)}`,
  )
  must(wanted.length === 0 || wanted.includes(action), `action is ${wanted.join(' or ')}: ${shown(answer)}`)
}

/** A full number in an answer ends up in logs and storages. */
export function mustHideNumber(answer) {
  const found = /(?<!\d)(\+?86)?1[3-9]\d{9}(?!\d)/.exec(answer.text)
  must(!found, 'the answer holds a full phone number: mask it')
}
