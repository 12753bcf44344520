import { must, mustBeMember, mustBeProblem, mustBeSession, mustHideNumber } from './expect.mjs'

/** @typedef {ReturnType<import('./back-end.mjs').createBackEnd>} BackEnd */

async function signIn(backEnd, withPhone = false) {
  const loginCode = await backEnd.loginCode()
  const phone = withPhone ? { phoneCode: await backEnd.phoneCode(), component: 'quick' } : {}
  const answer = await backEnd.login({ loginCode, ...phone })
  const member = mustBeMember(answer)
  return { answer, member, session: mustBeSession(answer.body.session, answer), loginCode, ...phone }
}

/**
 * What the mini program counts on, in order; a person starts without a number.
 *
 * @type {[name: string, run: (backEnd: BackEnd) => Promise<void>][]}
 */
export const checks = [
  [
    'a login code signs in, without a number yet',
    async (backEnd) => {
      const { answer } = await signIn(backEnd)
      mustBeMember(answer, { bound: false })
    },
  ],
  [
    'the same person is the same member',
    async (backEnd) => {
      const [first, second] = [await signIn(backEnd), await signIn(backEnd)]
      must(first.member.id === second.member.id, 'two logins of one person gave two members')
    },
  ],
  [
    'both codes sign in with the number, masked',
    async (backEnd) => {
      const { answer } = await signIn(backEnd, true)
      mustBeMember(answer, { bound: true })
      mustHideNumber(answer)
    },
  ],
  [
    'the same pair of codes gives the same member again: its answer may have been lost, and it is paid for',
    async (backEnd) => {
      const { loginCode, phoneCode, member } = await signIn(backEnd, true)
      const again = mustBeMember(await backEnd.login({ loginCode, phoneCode, component: 'quick' }), {
        bound: true,
      })
      must(again.id === member.id, 'the repeated pair gave another member')
    },
  ],
  [
    'two at once are one',
    async (backEnd) => {
      const codes = { loginCode: await backEnd.loginCode(), phoneCode: await backEnd.phoneCode() }
      const answers = await Promise.all([backEnd.login(codes), backEnd.login(codes)])
      const ids = answers.map((answer) => mustBeMember(answer, { bound: true }).id)
      must(ids[0] === ids[1], 'the same codes at the same moment gave two members')
    },
  ],
  [
    'a phone code changes the number of a session, and may be sent again',
    async (backEnd) => {
      const { session, member } = await signIn(backEnd)
      const body = { phoneCode: await backEnd.phoneCode(), component: 'quick' }
      for (let times = 0; times < 2; times++) {
        const answer = await backEnd.ask('POST', '/v1/phone', { body, token: session.accessToken })
        must(mustBeMember(answer, { bound: true }).id === member.id, '/v1/phone gave another member')
        mustHideNumber(answer)
      }
    },
  ],
  [
    'a phone code that WeChat refuses asks for another tap',
    async (backEnd) => {
      const codes = { loginCode: await backEnd.loginCode(), phoneCode: 'f'.repeat(64) }
      mustBeProblem(await backEnd.login(codes), 'tap-again')
    },
  ],
  [
    'a login code that WeChat refuses asks for another login, not for another tap',
    async (backEnd) => mustBeProblem(await backEnd.login({ loginCode: 'f'.repeat(32) }), 'login-again'),
  ],
  [
    'a body that is not right is refused in words',
    async (backEnd) => {
      mustBeProblem(await backEnd.login({}), 'give-up')
      mustBeProblem(await backEnd.ask('POST', '/v1/login', { body: '{"appid":' }), 'give-up')
    },
  ],
  [
    'the access token says who is here',
    async (backEnd) => {
      const { session, member } = await signIn(backEnd)
      const answer = await backEnd.ask('GET', '/v1/me', { token: session.accessToken })
      must(mustBeMember(answer).id === member.id, '/v1/me gave another member')
      mustHideNumber(answer)
    },
  ],
  [
    'no token and a wrong one ask for another login',
    async (backEnd) => {
      for (const token of [undefined, 'nonsense'])
        mustBeProblem(await backEnd.ask('GET', '/v1/me', { token }), 'login-again')
    },
  ],
  [
    'a session is renewed',
    async (backEnd) => {
      const { session } = await signIn(backEnd)
      const body = { refreshToken: session.refreshToken }
      const answer = await backEnd.ask('POST', '/v1/session/refresh', { body })
      must(answer.status === 200, `expected 200, got ${answer.status} ${answer.text.slice(0, 160)}`)
      const renewed = mustBeSession(answer.body, answer)
      mustBeMember(await backEnd.ask('GET', '/v1/me', { token: renewed.accessToken }))
      const wrong = await backEnd.ask('POST', '/v1/session/refresh', { body: { refreshToken: 'nonsense' } })
      mustBeProblem(wrong, 'login-again')
    },
  ],
  [
    'a session that was ended is over',
    async (backEnd) => {
      const { session } = await signIn(backEnd)
      const ended = await backEnd.ask('DELETE', '/v1/session', { token: session.accessToken })
      must(ended.status >= 200 && ended.status < 300, `expected 204, got ${ended.status}`)
      const body = { refreshToken: session.refreshToken }
      mustBeProblem(await backEnd.ask('POST', '/v1/session/refresh', { body }), 'login-again')
    },
  ],
]
