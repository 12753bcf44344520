import { WxAccessTokenError } from '../errors/index.ts'
import type { FetchedToken } from './types.ts'

/** Refuses what cannot be an access token, before it is kept or shared. */
export function checkToken(token: FetchedToken): FetchedToken {
  if (typeof token !== 'object' || token === null) {
    throw new WxAccessTokenError('ERR_WX_TOKEN_SOURCE', { detail: 'the source gave no object' })
  }
  const { accessToken, expiresInS } = token
  if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw new WxAccessTokenError('ERR_WX_TOKEN_SOURCE', {
      detail: 'accessToken is missing, empty, or holds characters that no token has',
    })
  }
  if (!Number.isFinite(expiresInS) || expiresInS <= 0) {
    throw new WxAccessTokenError('ERR_WX_TOKEN_SOURCE', { detail: 'expiresInS is not a number of seconds' })
  }
  return token
}
