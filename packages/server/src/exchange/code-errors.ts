import type { ErrorCode } from '@haoma/protocol'
import { HaomaError } from '../kernel/errors.ts'
import type { CodeKind, CodeRecord } from '../stores/exchange-store.ts'

/** What a code that is of no more use is answered with, when no particular reason was written down. */
const deadCode = {
  login: { invalid: 'LOGIN_CODE_INVALID', lost: 'LOGIN_CODE_INVALID' },
  phone: { invalid: 'PHONE_CODE_INVALID', lost: 'PHONE_CODE_LOST' },
} as const satisfies Record<CodeKind, Record<'invalid' | 'lost', ErrorCode>>

/** The answer for a code that nobody knows, which is also that for a code of somebody else. */
export const unknownCode = (kind: CodeKind) => new HaomaError(deadCode[kind].invalid)

export const lostReason = (kind: CodeKind): ErrorCode => deadCode[kind].lost

/** The answer to a code that ended without a result, or whose result is given no longer. */
export function deadCodeError({ kind, state, reason, errcode, rid }: CodeRecord): HaomaError {
  const { invalid, lost } = deadCode[kind]
  return new HaomaError(reason ?? (state === 'lost' ? lost : invalid), {
    ...(errcode !== null && { wechat: { errcode, ...(rid !== null && { rid }) } }),
  })
}
