import type { MemberView, PhoneComponent } from '@haoma/protocol'
import { toLoginError } from './login-error.ts'
import type { Platform } from './platform/platform.ts'
import { withResend } from './resend.ts'
import type { Service } from './service.ts'
import type { SessionKeeper } from './session.ts'

/** A phone code that is paid for and not yet turned into a number. */
export interface PaidCode {
  phoneCode: string
  component: PhoneComponent
  /** Life is counted from the tap. */
  diesAtMs: number
}

/**
 * Life of a phone code and of a login code, in milliseconds. The protocol says so too, but a value taken from
 * there would bring its whole error table into the mini program.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html
 */
export const codeLifeMs = 300_000

interface SignInParts {
  appid: string
  platform: Platform
  service: Service
  session: SessionKeeper
}

/** The ways to a member. Each keeps the session it gets and throws {@link LoginError}. */
export function createSignIn({ appid, platform, service, session }: SignInParts) {
  /** By `wx.login`, carrying a phone code along when one is waiting. */
  async function silently(paid?: PaidCode): Promise<MemberView> {
    const untilMs = paid?.diesAtMs ?? Date.now() + codeLifeMs
    const once = async () => {
      const loginCode = await withResend(platform.login, untilMs)
      const phone = paid && { phoneCode: paid.phoneCode, component: paid.component }
      return withResend(() => service.login({ appid, loginCode, ...phone }), untilMs)
    }
    const answer = await once().catch((cause) => {
      // The login code was the trouble: one more, and no further.
      if (!isSignedOut(cause)) throw cause
      return once()
    })
    session.save(answer)
    return answer.member
  }

  /** By the stored session. `undefined` when it has ended; what is not known for lack of a network, holds. */
  async function resumed(known: MemberView): Promise<MemberView | undefined> {
    try {
      const accessToken = await session.accessToken()
      if (accessToken === undefined) return undefined
      const answer = await service.me(accessToken)
      session.save(answer)
      return answer.member
    } catch (cause) {
      if (!isSignedOut(cause)) return known
      session.clear()
      return undefined
    }
  }

  /** By a phone code: into the session at hand, else into a new one. */
  async function withPhone(paid: PaidCode): Promise<MemberView> {
    const { phoneCode, component, diesAtMs } = paid
    try {
      const accessToken = await withResend(session.accessToken, diesAtMs)
      if (accessToken !== undefined) {
        const answer = await withResend(() => service.phone({ phoneCode, component }, accessToken), diesAtMs)
        session.save(answer)
        return answer.member
      }
    } catch (cause) {
      if (!isSignedOut(cause)) throw cause
      session.clear()
    }
    return silently(paid)
  }

  return { silently, resumed, withPhone }
}

export function isSignedOut(cause: unknown): boolean {
  return toLoginError(cause).action === 'login-again'
}
