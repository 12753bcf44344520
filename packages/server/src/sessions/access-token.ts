import { errors, jwtVerify, SignJWT } from 'jose'
import { HaomaError } from '../kernel/errors.ts'
import type { SigningKeys } from './signing-keys.ts'

export interface AccessTokenClaims {
  memberId: string
  sessionId: string
  appid: string
}

export interface AccessTokens {
  /** A JWT with `iss`, `aud` (appid), `sub` (member), `sid` (session), `iat` and `exp`. */
  sign(claims: AccessTokenClaims, nowMs: number): Promise<string>
  /** @throws {HaomaError} `SESSION_EXPIRED`, also for a token that is not ours. */
  verify(accessToken: string, nowMs: number): Promise<AccessTokenClaims>
}

export function createAccessTokens(
  signingKeys: SigningKeys,
  { issuer, ttlS }: { issuer: string; ttlS: number },
): AccessTokens {
  const { alg, kid, privateKey } = signingKeys.active
  return {
    sign: ({ memberId, sessionId, appid }, nowMs) => {
      const issuedAtS = Math.floor(nowMs / 1000)
      return new SignJWT({ sid: sessionId })
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
        const { payload } = await jwtVerify(accessToken, (header) => findKey(signingKeys, header.kid), {
          issuer,
          algorithms: [alg],
          currentDate: new Date(nowMs),
          requiredClaims: ['sub', 'sid', 'aud', 'exp'],
        })
        return {
          memberId: String(payload.sub),
          sessionId: String(payload.sid),
          appid: String(payload.aud),
        }
      } catch (cause) {
        if (cause instanceof errors.JOSEError) throw new HaomaError('SESSION_EXPIRED', { cause })
        throw cause
      }
    },
  }
}

function findKey(signingKeys: SigningKeys, kid: string | undefined) {
  const key = kid === undefined ? undefined : signingKeys.findPublicKey(kid)
  if (!key) throw new errors.JWKSNoMatchingKey()
  return key
}
