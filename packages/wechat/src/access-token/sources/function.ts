import { reveal, type SecretInput } from '../../secret.ts'
import type { TokenRequest, TokenSource } from '../types.ts'

/** What a token function gives. */
export interface ProvidedToken {
  readonly accessToken: SecretInput
  /** Seconds that remain. */
  readonly expiresInS: number
}

/**
 * Takes tokens from any function: a token service of yours, a cloud function, a vault.
 *
 * @param getAccessToken - called when a token is needed. When `failedToken` is set, WeChat refused that one: give
 * another if there is one.
 */
export function functionSource(
  getAccessToken: (request: TokenRequest) => Promise<ProvidedToken> | ProvidedToken,
): TokenSource {
  return {
    name: 'function',
    canForce: false,
    fetchesPerHour: 1000,
    async fetch(request) {
      const { accessToken, expiresInS } = await getAccessToken(request)
      return { accessToken: reveal(accessToken), expiresInS }
    },
  }
}
