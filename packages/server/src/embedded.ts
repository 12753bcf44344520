import type { ExchangeRequest, ExchangeResponse, MemberRecord } from '@haoma/protocol'
import { HaomaError } from './kernel/errors.ts'
import type { SessionService } from './sessions/service.ts'
import type { BackEndExchange } from './ways/back-end/exchange.ts'
import type { BackEndMembers, MemberQuery, Reader } from './ways/back-end/members.ts'

/** Whose session a request carries. */
export interface MemberSession {
  memberId: string
  sessionId: string
  appid: string
  openid: string | null
}

/** Why a full number is read: with a reason the record holds it, and the audit names the reason. */
export interface ReadOptions {
  reason?: string | undefined
}

/** What a Node program that mounts the service asks it without HTTP. */
export interface Embedded {
  /**
   * Whose session this is; `undefined` when there is none that lives.
   *
   * @param credentials - a request, or its `Authorization` header
   */
  verify(credentials: Request | string | undefined): Promise<MemberSession | undefined>
  members: {
    /** `undefined` when there is no such member. */
    get(id: string, options?: ReadOptions): Promise<MemberRecord | undefined>
    /** By exactly one of openid (with its appid), unionid and number. */
    find(query: MemberQuery, options?: ReadOptions): Promise<MemberRecord | undefined>
  }
  /** As `POST /v1/exchange`: the same code gives the same number again. */
  exchange(request: ExchangeRequest): Promise<ExchangeResponse>
}

const EMBEDDING = 'embedding'

export function createEmbedded(parts: {
  sessions: SessionService
  backEndMembers: BackEndMembers
  backEndExchange: BackEndExchange
}): Embedded {
  const readerOf = ({ reason }: ReadOptions): Reader => ({
    client: { id: EMBEDDING, has: () => reason !== undefined },
    reason,
    ip: undefined,
    requestId: undefined,
  })
  const unless = async <T>(code: string, work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work
    } catch (error) {
      if (error instanceof HaomaError && error.code.startsWith(code)) return undefined
      throw error
    }
  }
  return {
    verify: async (credentials) => {
      const header =
        credentials instanceof Request ? (credentials.headers.get('authorization') ?? undefined) : credentials
      const found = await unless('SESSION_', parts.sessions.authenticate(header))
      if (found === undefined) return undefined
      const { id, memberId, appid, openid } = found.session
      return { memberId, sessionId: id, appid, openid }
    },
    members: {
      get: (id, options = {}) => unless('MEMBER_NOT_FOUND', parts.backEndMembers.get(id, readerOf(options))),
      find: (query, options = {}) =>
        unless('MEMBER_NOT_FOUND', parts.backEndMembers.find(query, readerOf(options))),
    },
    exchange: (request) => parts.backEndExchange.exchange(request, { id: EMBEDDING, mayActFor: () => true }),
  }
}
