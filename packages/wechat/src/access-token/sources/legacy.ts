import { endpoint } from '../../internal/endpoint.ts'
import { reveal, type SecretInput } from '../../secret.ts'
import type { FetchedToken, TokenSource } from '../types.ts'
import type { TokenCall } from './token-call.ts'

const token = endpoint('GET', '/cgi-bin/token', { family: 'token' })

/**
 * WeChat's older token. Every fetch makes a new one and retires the one before within five minutes, and there
 * are about 2,000 fetches a day: share a store, and let no other program fetch.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getaccesstoken.html
 */
export function legacySource(appSecret: SecretInput, call: TokenCall): TokenSource {
  return {
    name: 'legacy',
    canForce: true,
    fetchesPerHour: 60,
    async fetch({ appid, timeoutMs }): Promise<FetchedToken> {
      const answer = await call(token, timeoutMs, {
        query: { grant_type: 'client_credential', appid, secret: reveal(appSecret) },
      })
      return { accessToken: answer.access_token as string, expiresInS: Number(answer.expires_in) }
    },
  }
}
