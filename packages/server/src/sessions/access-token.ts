import { errors, jwtVerify, SignJWT } from 'jose'
import { HaomaError } from '../kernel/errors.ts'
import type { SigningKeys } from './signing-keys.ts'

export interface AccessTokenClaims {
  memberId: string
  sessionId: string
  appid: string
  /** Generation of the session that the token was given with. */
  generation: number
}

/** What a token says, with its times. */
export interface VerifiedAccessToken extends AccessTokenClaims {
  issuer: string
  issuedAtS: number
  expiresAtS: number
}

export interface AccessTokens {
  /** A JWT with `iss`, `aud` (appid), `sub` (member), `sid` (session), `gen`, `iat` and `exp`. */
  sign(claims: AccessTokenClaims, life: { nowMs: number; ttlS: number }): Promise<string>
  /** @throws {HaomaError} `SESSION_EXPIRED`, also for a token that is not ours. */
  verify(accessToken: string, nowMs: number): Promise<VerifiedAccessToken>
}

export function createAccessTokens(signingKeys: SigningKeys, { issuer }: { issuer: string }): AccessTokens {
  return {
    sign: async ({ memberId, sessionId, appid, generation }, { nowMs, ttlS }) => {
      const { alg, kid, privateKey } = await signingKeys.signing()
      const issuedAtS = Math.floor(nowMs / 1000)
      return new SignJWT({ sid: sessionId, gen: generation })
        .setProtectedHeader({ alg, kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(appid)
        .setSubject(memberId)
        .setIssuedAt(issuedAtS)
        .setExpirationTime(issuedAtS + ttlS)
        .sign(privateKey)
    },
    verify: async (accessToken, nowMs) => {
      try {
        const { payload } = await jwtVerify(
          accessToken,
          async ({ kid, alg }) => {
            const found = kid === undefined ? undefined : await signingKeys.findPublic(kid)
            // A key verifies by its own algorithm only, whatever the token asks for.
            if (!found || found.alg !== alg) throw new errors.JWKSNoMatchingKey()
            return found.publicKey
          },
          {
            issuer,
            algorithms: ['ES256', 'EdDSA'],
            currentDate: new Date(nowMs),
            requiredClaims: ['sub', 'sid', 'aud', 'iat', 'exp'],
          },
        )
        return {
          memberId: String(payload.sub),
          sessionId: String(payload.sid),
          appid: String(payload.aud),
          generation: Number(payload.gen ?? 0),
          issuer,
          issuedAtS: Number(payload.iat),
          expiresAtS: Number(payload.exp),
        }
      } catch (cause) {
        if (cause instanceof errors.JOSEError) throw new HaomaError('SESSION_EXPIRED', { cause })
        throw cause
      }
    },
  }
}
