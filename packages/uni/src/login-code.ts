import { withResend } from './resend.ts'

/** A login code is fetched anew before WeChat lets it die, which is after five minutes. */
const freshMs = 240_000

/**
 * The login code that goes along with the next request. It is fetched at launch and at the tap, never inside the
 * phone callback: there it could change the session key under the number.
 */
export function createLoginCode(fetchCode: () => Promise<string>) {
  let current: { loginCode: Promise<string>; atMs: number } | undefined

  function get(untilMs: number): Promise<string> {
    if (current && Date.now() - current.atMs < freshMs) return current.loginCode
    const loginCode = withResend(fetchCode, untilMs)
    const fetched = { loginCode, atMs: Date.now() }
    current = fetched
    loginCode.catch(() => {
      if (current === fetched) current = undefined
    })
    return loginCode
  }

  return {
    get,
    /** It was answered to: it is spent. */
    spend: () => {
      current = undefined
    },
  }
}
