import { HaomaError } from '../kernel/errors.ts'
import { problemResponse } from './problems.ts'

/**
 * Answers requests for names that are not the service's own, and lets the others through.
 *
 * A website can make a name of its own resolve to this machine; the browser then takes the answers for that site's. Where
 * a simulated WeChat stands behind the service, that site could be anybody.
 *
 * @param allowed - Names without ports, IPv6 in brackets. `undefined` allows every name.
 */
export function createHostGuard(
  allowed: readonly string[] | undefined,
  newRequestId: () => string,
): (request: Request) => Response | undefined {
  if (!allowed) return () => undefined
  const names = new Set(allowed.map((name) => name.toLowerCase()))
  return (request) => {
    if (names.has(new URL(request.url).hostname.toLowerCase())) return undefined
    return problemResponse(new HaomaError('HOST_NOT_ALLOWED'), request, newRequestId())
  }
}
