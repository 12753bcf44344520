import type { PhoneRequest, PhoneResponse } from '@haoma/protocol'
import { unknownCode } from '../../exchange/code-errors.ts'
import { refuseMixedUpCodes } from '../../exchange/code-shape.ts'
import type { Spend } from '../../exchange/spend.ts'
import type { Asked } from '../../journal/trace.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { MemberService } from '../../members/service.ts'
import type { MergeTickets } from '../../members/tickets.ts'
import type { Authenticated, SessionService } from '../../sessions/service.ts'
import type { Database } from '../../stores/database.ts'
import type { CodeKind } from '../../stores/exchange-store.ts'
import type { Arrivals } from '../arrivals.ts'
import type { AskWeChat } from './ask-wechat.ts'
import { withOffer } from './kept-number.ts'

export interface PhoneService {
  /**
   * Exchanges a phone code and binds the number to the member of this session. The same code from the same session
   * gives the same member again, for as long as the code would live. New tokens come with it when the member became part
   * of another.
   *
   * @throws {HaomaError} `PHONE_CODE_INVALID`, `PHONE_CODE_LOST`, `PHONE_UNREADABLE`, `IDENTITY_CONFLICT`, `WECHAT_*` …
   */
  bind(caller: Authenticated, request: PhoneRequest, asked?: Asked): Promise<PhoneResponse>
}

export interface PhoneServiceParts {
  db: Database
  /** Whether the service serves the mini program. */
  hasApp(appid: string): Promise<boolean>
  ask: AskWeChat
  spend: Spend
  keyOf(kind: CodeKind, appid: string, code: string): string
  arrivals: Arrivals
  members: MemberService
  sessions: SessionService
  tickets: MergeTickets
}

export function createPhoneService(parts: PhoneServiceParts): PhoneService {
  const { db, ask, arrivals, members, sessions, tickets } = parts
  return {
    bind: async (
      { session, claims },
      { phoneCode, component = 'quick', client },
      { requestId, trace } = {},
    ) => {
      const { appid, openid, deviceId } = session
      // A session without a WeChat user has no phone button.
      if (openid === null) throw new HaomaError('SESSION_REQUIRED')
      refuseMixedUpCodes({ phoneCode })
      if (!(await parts.hasApp(appid))) throw new HaomaError('UNKNOWN_APP')
      const codeKey = parts.keyOf('phone', appid, phoneCode)
      const exchanged = parts.spend({
        appid,
        surface: 'login',
        sender: deviceId ?? '',
        deviceId: deviceId ?? undefined,
        client,
        requestId,
        trace,
        openid,
        phone: {
          code: phoneCode,
          component,
          ask: async () => {
            const phone = await ask.phone(appid, { phoneCode, component, openid })
            trace?.number(phone.e164)
            return phone
          },
        },
        settle: async (stores, { phone }) => {
          if (!phone) throw new TypeError('a number to bind was not asked for')
          return arrivals.bind(stores, session, { ...phone, guideline: client?.guideline, codeKey })
        },
        replay: async ({ memberId }) => {
          if (memberId === null) throw unknownCode('phone')
          return { member: await members.view(db, await members.resolve(db, memberId)) }
        },
      })
      const { member } = await withOffer(exchanged, { db, tickets, codeKey })
      if (member.id === claims.memberId) return { member }
      // Read again: it may have been refreshed while WeChat was asked.
      const now = await sessions.findLiving(session.id)
      return now ? { member, session: await sessions.issue(now) } : { member }
    },
  }
}
