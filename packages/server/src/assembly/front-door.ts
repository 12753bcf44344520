import { createBasePath } from '../http/base-path.ts'
import { type Connection, peerAddress } from '../http/connection.ts'
import { createHostGuard } from '../http/host-names.ts'
import { problemResponse } from '../http/problems.ts'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { RunningWork } from '../kernel/running-work.ts'
import type { Tracing } from '../kernel/tracing.ts'
import { defaults, type HaomaOptions } from '../options.ts'
import type { createDispatcher } from '../surfaces/surface.ts'
import type { assembleGuards } from './guards.ts'

export interface FrontDoorParts {
  options: Pick<HaomaOptions, 'allowedHosts' | 'basePath'>
  guards: Pick<ReturnType<typeof assembleGuards>, 'origin'>
  tracing: Tracing
  work: RunningWork
  clock: Clock
  newId: NewId
  /** Whether the service takes nobody any more. */
  isClosed(): boolean
}

export type Answer = (request: Request, connection?: Connection) => Promise<Response>

/** Makes what every request passes before it comes to a surface: the name that was called, who calls, the trace. */
export function createFrontDoor(
  parts: FrontDoorParts,
): (handle: ReturnType<typeof createDispatcher>) => Answer {
  const { options, guards, tracing, work, clock, newId, isClosed } = parts
  const withoutBasePath = createBasePath(options.basePath ?? defaults.basePath)
  const newRequestId = () => newId(clock.now())
  const refuseHost = createHostGuard(options.allowedHosts, newRequestId)
  const hold = (held: Promise<unknown>) => void work.track(held)

  return (handle) =>
    async (request, connection = {}) => {
      if (isClosed()) {
        return problemResponse(new HaomaError('SHUTTING_DOWN', { retryAfterS: 1 }), request, newRequestId())
      }
      const refused = refuseHost(request)
      if (refused) return refused
      const peerIp = peerAddress(connection)
      const bindings = { peerIp, hold, ...guards.origin(peerIp, request.headers) }
      const { method, headers } = request
      const answered = tracing.serve(
        { method, headers, isPeerTrusted: bindings.isPeerTrusted },
        async (served) => handle(withoutBasePath(request), { ...bindings, served }),
      )
      return work.track(answered)
    }
}
