import { addressList } from '../guards/client-address.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { Middleware } from './router.ts'

/**
 * Lets only clients from these addresses on. One whose address is not known is from none of them.
 *
 * @param entries - Addresses and CIDR ranges; `undefined` lets everybody on.
 * @throws {TypeError} When an entry is neither.
 */
export function allowAddresses(entries: readonly string[] | undefined): Middleware {
  const list = entries && addressList(entries)
  return async (c, next) => {
    const ip = c.env.clientIp
    if (list && (ip === undefined || !list.has(ip))) throw new HaomaError('IP_NOT_ALLOWED')
    await next()
  }
}
