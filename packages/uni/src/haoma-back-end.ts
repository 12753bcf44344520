import type { ClientFacts, MemberView, MergeOffer } from '@haoma/protocol'
import type { BackEnd, SignedIn } from './back-end.ts'
import { createLoginCode } from './login-code.ts'
import { LoginError, toLoginError } from './login-error.ts'
import { codeLifeMs, type HeldCode } from './machine.ts'
import type { Platform } from './platform/platform.ts'
import { withResend } from './resend.ts'
import type { Service } from './service.ts'
import type { SessionKeeper } from './session.ts'

interface HaomaParts {
  appid: string
  client: ClientFacts
  platform: Platform
  service: Service
  session: SessionKeeper
}

export interface HaomaBackEnd extends BackEnd {
  /** Joins the two accounts of the last conflict. */
  merge(): Promise<MemberView>
}

/** The ways to a member of Haoma's login service. Each keeps the session it gets. */
export function createHaomaBackEnd({ appid, client, platform, service, session }: HaomaParts): HaomaBackEnd {
  const loginCodes = createLoginCode(platform.login)
  let offer: (MergeOffer & { diesAtMs: number }) | undefined

  async function silently(code?: HeldCode): Promise<SignedIn & { member: MemberView }> {
    const untilMs = code?.diesAtMs ?? Date.now() + codeLifeMs
    const once = async () => {
      const loginCode = await loginCodes.get(untilMs)
      const phone = code && { phoneCode: code.phoneCode, component: code.component }
      try {
        const answer = await withResend(() => service.login({ appid, loginCode, ...phone, client }), untilMs)
        loginCodes.spend()
        return answer
      } catch (cause) {
        // The same pair of codes is what the service knows again when only its answer was lost.
        if (toLoginError(cause).action !== 'retry') loginCodes.spend()
        throw cause
      }
    }
    const answer = await once().catch((cause) => {
      // The login code was the trouble: one more, and no further.
      if (!isSignedOut(cause)) throw cause
      return once()
    })
    session.save(answer)
    return answer
  }

  async function withPhone(code: HeldCode): Promise<MemberView> {
    const { phoneCode, component, diesAtMs } = code
    try {
      const accessToken = await withResend(() => session.accessToken(), diesAtMs)
      if (accessToken !== undefined) {
        const body = { phoneCode, component, client }
        const answer = await withResend(() => service.phone(body, accessToken), diesAtMs)
        session.save(answer)
        return answer.member
      }
    } catch (cause) {
      if (!isSignedOut(cause)) throw cause
      session.clear()
    }
    return (await silently(code)).member
  }

  async function merge(): Promise<MemberView> {
    const accessToken = await session.accessToken()
    if (!offer || offer.diesAtMs <= Date.now() || !accessToken) throw new LoginError('unknown')
    const answer = await service.merge(offer.ticket, accessToken)
    offer = undefined
    session.save(answer)
    return answer.member
  }

  return {
    prepare: () => undefined,
    signIn: () => silently(),
    merge,

    async resume(known) {
      try {
        const accessToken = await session.accessToken()
        if (accessToken === undefined) return undefined
        const answer = await service.me(accessToken)
        session.save(answer)
        return answer
      } catch (cause) {
        if (isSignedOut(cause)) {
          session.clear()
          return undefined
        }
        // A number that was known is still known. One that was not may be by now: no tap is asked for on a guess.
        if (!known?.phone.bound) throw cause
        return { member: known }
      }
    },

    async exchange(code) {
      try {
        return await withPhone(code)
      } catch (cause) {
        const error = toLoginError(cause)
        // The account is known by its openid although the number is another's.
        if (error.session) session.save({ session: error.session })
        if (!error.merge) throw cause
        // The number was proven now, after the ticket was given: that is what the ticket waits for.
        if (offer && offer.diesAtMs > Date.now() && code.component === 'realtime') return merge()
        offer = { ...error.merge, diesAtMs: Date.now() + error.merge.expiresInS * 1000 }
        throw cause
      }
    },

    async endSession() {
      const accessToken = await session.accessToken().catch(() => undefined)
      session.clear()
      // This device has forgotten it already; a session the service does not hear of runs out there.
      if (accessToken) await service.endSession(accessToken).catch(() => undefined)
    },
  }
}

export function isSignedOut(cause: unknown): boolean {
  return toLoginError(cause).action === 'login-again'
}
