import { endpoint } from '../../internal/endpoint.ts'
import { reveal, type SecretInput } from '../../secret.ts'
import type { FetchedToken, TokenSource } from '../types.ts'
import type { TokenCall } from './token-call.ts'

const stableToken = endpoint('POST', '/cgi-bin/stable_token', { family: 'token' })

/**
 * WeChat's stable token: repeated calls give the same token while it lives, so that processes cannot knock each
 * other out.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
 */
export function stableSource(appSecret: SecretInput, call: TokenCall): TokenSource {
  return {
    name: 'stable',
    canForce: true,
    fetchesPerHour: 1000,
    async fetch({ appid, timeoutMs, force }): Promise<FetchedToken> {
      const answer = await call(stableToken, timeoutMs, {
        body: {
          grant_type: 'client_credential',
          appid,
          secret: reveal(appSecret),
          ...(force && { force_refresh: true }),
        },
      })
      return { accessToken: answer.access_token as string, expiresInS: Number(answer.expires_in) }
    },
  }
}
