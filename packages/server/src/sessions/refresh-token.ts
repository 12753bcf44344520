import { createHmac } from 'node:crypto'
import { isEqualInConstantTime, type KeyRing } from '../crypto/key-ring.ts'

/** What a refresh token says; whether it is true is for {@link RefreshTokens.isGenuine} to tell. */
export interface ParsedRefreshToken {
  sessionId: string
  generation: number
  keyId: string
  mac: string
}

/**
 * Refresh tokens are computed, not stored: an HMAC over session and generation, with the service's key and a
 * secret of the session. A read-only thief of the database can therefore make none, and a client that lost
 * an answer gets the very same successor when it asks again.
 */
export interface RefreshTokens {
  make(session: { id: string; salt: string; generation: number }): string
  parse(refreshToken: string): ParsedRefreshToken | undefined
  isGenuine(token: ParsedRefreshToken, salt: string): boolean
}

const form = /^hrt\.([0-9a-f-]{36})\.(\d{1,9})\.([0-9a-f]{8})\.([\w-]{43})$/

export function createRefreshTokens(keyRing: KeyRing): RefreshTokens {
  const mac = (key: Buffer, { id, generation, salt }: { id: string; salt: string; generation: number }) =>
    createHmac('sha256', key).update(`${id}.${generation}.${salt}`).digest('base64url')

  return {
    make: (session) => {
      const { id: keyId, key } = keyRing.current('refresh-token')
      return ['hrt', session.id, session.generation, keyId, mac(key, session)].join('.')
    },
    parse: (refreshToken) => {
      const [, sessionId, generation, keyId, mac] = form.exec(refreshToken) ?? []
      if (!sessionId || !generation || !keyId || !mac) return undefined
      return { sessionId, generation: Number(generation), keyId, mac }
    },
    isGenuine: (token, salt) => {
      const found = keyRing.find('refresh-token', token.keyId)
      if (!found) return false
      const { sessionId: id, generation } = token
      return isEqualInConstantTime(token.mac, mac(found.key, { id, generation, salt }))
    },
  }
}
