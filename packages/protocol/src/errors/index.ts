import { adminErrors } from './admin.ts'
import { backEndErrors } from './back-end.ts'
import type { ErrorEntry } from './entry.ts'
import { loginErrors } from './login.ts'
import { smsErrors } from './sms.ts'

/** Every error code of our wire. A code is never reworded or reused after a release; its texts may change. */
export const errorTable = {
  ...loginErrors,
  ...smsErrors,
  ...backEndErrors,
  ...adminErrors,
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorTable

/** The keys of {@link errorTable}, as the tuple that a zod enum takes. */
export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]
