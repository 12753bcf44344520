import type { LoginResponse, MergeRequest } from '@haoma/protocol'
import { HaomaError } from '../kernel/errors.ts'
import type { MemberService } from '../members/service.ts'
import type { MergeTickets } from '../members/tickets.ts'
import type { SessionService } from '../sessions/service.ts'
import type { Database } from '../stores/database.ts'
import type { OwnedSession } from '../stores/session-store.ts'

export interface JoinService {
  /**
   * Makes the member of a session part of the one who has the number of the ticket.
   *
   * @throws {HaomaError} `MERGE_TICKET_INVALID`, `MERGE_PROOF_REQUIRED`; `SESSION_EXPIRED` when the other session has ended.
   */
  byTicket(session: OwnedSession, request: MergeRequest): Promise<LoginResponse>
}

export interface JoinServiceParts {
  db: Database
  members: MemberService
  sessions: SessionService
  tickets: MergeTickets
}

export function createJoinService({ db, members, sessions, tickets }: JoinServiceParts): JoinService {
  return {
    byTicket: async (session, { ticket, otherAccessToken }) => {
      const other = otherAccessToken === undefined ? undefined : await sessions.verify(otherAccessToken)
      const joined = await db.transaction(async (stores) => {
        const otherMemberId = other?.session.memberId
        const memberId = await tickets.redeem(stores, { ticket, session, otherMemberId })
        return {
          member: await members.view(stores, memberId),
          session: await stores.sessions.find(session.id),
        }
      })
      if (!joined.session) throw new HaomaError('SESSION_EXPIRED')
      return { member: joined.member, session: await sessions.issue(joined.session), isNew: false }
    },
  }
}
