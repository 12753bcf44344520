import type { Endpoint } from '../endpoint.ts'
import { getRecentAverage, getUsage } from './charge-usage.ts'
import { checkEncryptedMessage } from './check-encrypted-message.ts'
import { code2Session } from './code2session.ts'
import { checkCallback, getApiDomainIp, getCallbackIp, getRid } from './diagnosis.ts'
import { getUserPhoneNumber } from './get-user-phone-number.ts'
import { clearQuota, clearQuotaV2, createQuotaEndpoints } from './quota.ts'
import { checkSession, resetUserSessionKey } from './sessions.ts'
import { stableToken } from './stable-token.ts'
import { token } from './token.ts'

const countable: readonly Endpoint[] = [
  stableToken,
  token,
  code2Session,
  checkSession,
  resetUserSessionKey,
  getUserPhoneNumber,
  checkEncryptedMessage,
  getUsage,
  getRecentAverage,
  clearQuota,
  clearQuotaV2,
  getRid,
  getApiDomainIp,
  getCallbackIp,
  checkCallback,
]

/** Every path of WeChat's API host that is played here. */
export const endpoints: readonly Endpoint[] = [...countable, ...createQuotaEndpoints(countable)]
