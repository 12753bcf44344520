import { randomBytes } from 'node:crypto'
import type { AdminSecrets } from './secrets.ts'

/**
 * Devices on which an administrator has signed in, known by a cookie that nobody else can make. Guesses from elsewhere
 * lock a name for strangers; they cannot keep its owner out for ever, who has a count of its own on such a device.
 *
 * @see https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
export interface KnownDevices {
  /** The cookie of a device on which this administrator signed in just now. */
  issue(adminId: string): string
  /** The device's own id, when the cookie is of a device of this administrator. */
  recognize(cookie: string | undefined, adminId: string | undefined): string | undefined
}

export function createKnownDevices(secrets: AdminSecrets): KnownDevices {
  const wordOf = (id: string, adminId: string) => `${adminId}:${id}`
  return {
    issue: (adminId) => {
      const id = randomBytes(12).toString('base64url')
      return `${id}~${secrets.digest('device', wordOf(id, adminId))}`
    },
    recognize: (cookie, adminId) => {
      const [id, digest] = cookie?.split('~') ?? []
      if (!id || !digest || adminId === undefined) return undefined
      return secrets.digests('device', wordOf(id, adminId)).includes(digest) ? id : undefined
    },
  }
}
