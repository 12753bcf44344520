import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { isHttps } from '../../http/secure.ts'
import type { AdminEnv } from './admin-access.ts'

const SESSION = 'haoma-admin'
const DEVICE = 'haoma-admin-device'
const DEVICE_LIFE_S = 31_536_000

/**
 * A cookie that only this very host gets back, and no script reads. Over HTTPS its name forbids other hosts of the domain
 * to plant one; there a cookie without that name counts for nothing.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
 */
const nameOf = (c: Context<AdminEnv>, name: string) => (isHttps(c) ? `__Host-${name}` : name)

const attributesOf = (c: Context<AdminEnv>) =>
  ({ httpOnly: true, sameSite: 'Strict', path: '/', secure: isHttps(c) }) as const

export function readSessionCookie(c: Context<AdminEnv>): string | undefined {
  return getCookie(c, nameOf(c, SESSION))
}

export function readDeviceCookie(c: Context<AdminEnv>): string | undefined {
  return getCookie(c, nameOf(c, DEVICE))
}

/** What a browser keeps of who has just signed in on it. */
export function writeCookies(
  c: Context<AdminEnv>,
  { secret, device }: { secret: string; device: string },
  lifeS: number,
): void {
  setCookie(c, nameOf(c, SESSION), secret, { ...attributesOf(c), maxAge: lifeS })
  setCookie(c, nameOf(c, DEVICE), device, { ...attributesOf(c), maxAge: DEVICE_LIFE_S })
}

export function clearSessionCookie(c: Context<AdminEnv>): void {
  deleteCookie(c, nameOf(c, SESSION), attributesOf(c))
}
