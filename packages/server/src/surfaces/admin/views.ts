import type { AdminSessionResponse, AdminView } from '@haoma/protocol/admin'
import type { AdminPolicy } from '../../admin/policy.ts'
import type { LivingAdminSession } from '../../admin/sessions.ts'
import { HaomaError } from '../../kernel/errors.ts'
import type { Admin } from '../../stores/admin-store.ts'

export const iso = (ms: number): string => new Date(ms).toISOString()
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))

export function adminView(admin: Admin): AdminView {
  return {
    id: admin.id,
    username: admin.username,
    role: admin.role,
    hasTotp: admin.totpSealed !== null,
    isDisabled: admin.disabledAtMs !== null,
    createdAt: iso(admin.createdAtMs),
    seenAt: isoOrNull(admin.seenAtMs),
  }
}

export function sessionResponse(
  { admin, session }: LivingAdminSession,
  { sessionIdleS }: Pick<AdminPolicy, 'sessionIdleS'>,
): AdminSessionResponse {
  return {
    admin: adminView(admin),
    csrf: session.csrf,
    idleInS: sessionIdleS,
    endsAt: iso(session.expiresAtMs),
  }
}

/** What a room says makes no sense (a `TypeError`, its message for people) is the caller's to mend. */
export async function badRequest<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new HaomaError('BAD_REQUEST', { cause: error, issues: [{ path: '', message: error.message }] })
  }
}
