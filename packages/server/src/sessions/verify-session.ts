/**
 * Verifies access tokens in a back end of yours, from the published keys alone: no database, no call for each request.
 *
 * @module
 */
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

export interface VerifySessionOptions {
  /** Address of the login service's keys, e.g. `https://login.example.com/.well-known/jwks.json`. */
  jwksUrl: string
  /** The app, or apps, whose sessions are taken: `aud` of the token. Default is any app of the service. */
  appid?: string | readonly string[]
  /** `iss` of the tokens, as the service is set. Default is `haoma`. */
  issuer?: string
  /** Clocks may differ by so much, in seconds. Default is 5. */
  clockToleranceS?: number
}

/** What a valid token says. */
export interface VerifiedSession {
  memberId: string
  sessionId: string
  appid: string
  issuedAt: Date
  expiresAt: Date
}

/** The token is not valid (any more): answer 401, and let the client renew its session. */
export class InvalidSessionError extends Error {
  override readonly name = 'InvalidSessionError'
  readonly code = 'SESSION_EXPIRED'
  readonly isExpired: boolean

  constructor(cause: unknown) {
    super(
      '访问凭证无效或已过期，请刷新登录状态。 / The access token is not valid, or has expired. Renew the session.',
      {
        cause,
      },
    )
    this.isExpired = cause instanceof errors.JWTExpired
  }
}

const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>()

/**
 * Says whose session an access token is of. Keys are fetched once and kept for five minutes; an unknown key is asked for
 * at once. A session that was ended, or a member who was merged or banned, shows when the token expires (15 minutes at
 * most); `POST /v1/introspect` tells at once.
 *
 * @param accessToken - The token, without `Bearer`.
 * @throws {InvalidSessionError} When the token is not one of ours, of another app, or expired.
 * @throws {Error} When the keys cannot be fetched: that is no fault of the token.
 */
export async function verifySession(
  accessToken: string,
  { jwksUrl, appid, issuer = 'haoma', clockToleranceS = 5 }: VerifySessionOptions,
): Promise<VerifiedSession> {
  try {
    const { payload } = await jwtVerify(accessToken, keySetOf(jwksUrl), {
      issuer,
      algorithms: ['ES256', 'EdDSA'],
      clockTolerance: clockToleranceS,
      requiredClaims: ['sub', 'sid', 'aud', 'iat', 'exp'],
      ...(appid !== undefined && { audience: typeof appid === 'string' ? appid : [...appid] }),
    })
    return {
      memberId: String(payload.sub),
      sessionId: String(payload.sid),
      appid: String(payload.aud),
      issuedAt: new Date(Number(payload.iat) * 1000),
      expiresAt: new Date(Number(payload.exp) * 1000),
    }
  } catch (cause) {
    if (isFaultOfToken(cause)) throw new InvalidSessionError(cause)
    throw cause
  }
}

function keySetOf(jwksUrl: string) {
  const known = keySets.get(jwksUrl)
  if (known) return known
  const keySet = createRemoteJWKSet(new URL(jwksUrl), { cacheMaxAge: 300_000, cooldownDuration: 5000 })
  keySets.set(jwksUrl, keySet)
  return keySet
}

/** Keys that did not come, or came broken, say nothing about the token. */
function isFaultOfToken(cause: unknown): boolean {
  if (cause instanceof errors.JWKSTimeout || cause instanceof errors.JWKSInvalid) return false
  return cause instanceof errors.JOSEError && cause.code !== 'ERR_JOSE_GENERIC'
}
