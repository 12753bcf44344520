import type { MemberView, PhoneComponent } from '@haoma/protocol'
import type { BackEnd } from './back-end.ts'
import { createLoginCode } from './login-code.ts'
import { LoginError } from './login-error.ts'
import { codeLifeMs } from './machine.ts'
import type { Platform } from './platform/platform.ts'
import type { SessionKeeper } from './session.ts'

/** What goes to your back end. Each code works once; both live five minutes, the phone code from the tap. */
export interface ExchangeRequest {
  phoneCode: string
  loginCode: string
  component: PhoneComponent
}

/** What your back end makes of it. Anything else in it is kept with the member as `data`. */
export interface Exchanged {
  /** For people: shown where the button was. Best masked. */
  phone?: string
  /** Kept on the device, given by `accessToken()` and sent by `request()`. */
  token?: string
  /** Your own id of the member. */
  id?: string
}

/**
 * Your own way from codes to a member. Whatever it throws means "send the same codes again": they are paid for and
 * may still be good. Throw `new LoginError('unknown')` when your back end says that they are not.
 */
export type Exchange = (codes: ExchangeRequest) => Promise<Exchanged | undefined> | Exchanged | undefined

/** A member as a back end of one's own knows them. */
export interface OwnMember extends MemberView {
  data: Exchanged
}

interface OwnParts {
  platform: Platform
  session: SessionKeeper
  exchange: Exchange
}

/** A back end of one's own, which knows nobody before the first number. */
export function createOwnBackEnd({ platform, session, exchange }: OwnParts): BackEnd {
  const loginCodes = createLoginCode(platform.login)
  // Fetched ahead, and asked for again when it is needed: a failure here is not yet one.
  const prepare = () => void loginCodes.get(Date.now() + codeLifeMs).catch(() => undefined)

  async function ask(codes: ExchangeRequest) {
    try {
      return await exchange(codes)
    } catch (cause) {
      throw cause instanceof LoginError ? cause : new LoginError('bad-answer', { cause })
    }
  }

  return {
    prepare,
    resume: async (known) => known && { member: known },
    async signIn() {
      prepare()
      return { member: undefined }
    },
    async exchange({ phoneCode, component, diesAtMs }) {
      const loginCode = await loginCodes.get(diesAtMs)
      const answer = await ask({ phoneCode, loginCode, component })
      loginCodes.spend()
      const data = typeof answer === 'object' && answer !== null ? answer : {}
      const member: OwnMember = {
        id: String(data.id ?? ''),
        phone: { bound: true, masked: data.phone ?? null, verifiedAt: null },
        data,
      }
      session.saveToken(member, String(data.token ?? ''))
      return member
    },
    endSession: async () => session.clear(),
  }
}
