import type { Secret, SecretInput } from '../../secret.ts'
import type { FetchedToken, TokenRequest, TokenSource } from '../types.ts'

/** What a token function gives. */
export interface ProvidedToken {
  readonly accessToken: SecretInput
  /** Seconds that remain. */
  readonly expiresInS: number
}

/** A token as WeChat's own calls give it. */
export interface WeChatToken {
  readonly access_token: string
  readonly expires_in: number
}

/**
 * Takes tokens from any function: a token service of yours, a cloud function, a vault.
 *
 * @param getAccessToken - called when a token is needed. When `failedToken` is set, WeChat refused that one: give
 * another if there is one.
 */
export function functionSource(
  getAccessToken: (
    request: TokenRequest,
  ) => Promise<ProvidedToken | WeChatToken> | ProvidedToken | WeChatToken,
): TokenSource {
  return {
    name: 'function',
    canForce: false,
    fetchesPerHour: 1000,
    async fetch(request) {
      return read(await getAccessToken(request))
    },
  }
}

/** Reads what a function gave, in our form or in WeChat's own; `checkToken` refuses what is neither. */
function read(given: ProvidedToken | WeChatToken): FetchedToken {
  const { accessToken, access_token, expiresInS, expires_in } = (given ?? {}) as Partial<
    ProvidedToken & WeChatToken
  >
  const token: unknown = accessToken ?? access_token
  const text = isSecret(token) ? token.reveal() : token
  return {
    // Files and command lines end with a line break.
    accessToken: (typeof text === 'string' ? text.trim() : text) as string,
    expiresInS: Number(expiresInS ?? expires_in),
  }
}

function isSecret(token: unknown): token is Secret {
  return typeof (token as Partial<Secret> | null | undefined)?.reveal === 'function'
}
