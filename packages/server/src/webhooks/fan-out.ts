import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Database } from '../stores/database.ts'
import { wants } from './event-filter.ts'

const AT_ONCE = 200

export interface FanOutParts {
  db: Database
  clock: Clock
  newId: NewId
}

/**
 * Turns events into deliveries, an endpoint at a time: those after its place that it asked for, in one transaction with
 * its new place. So each event becomes one delivery, whatever dies in between and however many do it at once. What
 * happens while an endpoint is off is held for it.
 */
export function createFanOut({ db, clock, newId }: FanOutParts) {
  /** Says whether there may be more. */
  const advance = (endpointId: string): Promise<boolean> =>
    db.transaction(async ({ events, webhooks }) => {
      const endpoint = await webhooks.lockEndpoint(endpointId)
      if (!endpoint) return false
      const next = await events.listAfter(endpoint.fromPosition, AT_ONCE)
      const last = next.at(-1)
      if (last === undefined) return false
      const nowMs = clock.now()
      await webhooks.addDeliveries(
        next
          .filter((event) => wants(endpoint, event))
          .map(({ id, type, memberId, memberSeq }) => ({
            id: newId(nowMs),
            endpointId,
            eventId: id,
            type,
            memberId,
            memberSeq,
            state: endpoint.isEnabled ? 'pending' : 'held',
            createdAtMs: nowMs,
          })),
      )
      await webhooks.changeEndpoint(endpointId, { fromPosition: last.position })
      return next.length === AT_ONCE
    })

  return async (signal?: AbortSignal): Promise<void> => {
    const endpoints = await db.webhooks.listEndpoints()
    if (endpoints.length === 0) return
    await placeEvents(db)
    const newest = await db.webhooks.lastPosition()
    for (const { id, fromPosition } of endpoints) {
      if (fromPosition >= newest) continue
      while (!signal?.aborted && (await advance(id))) {}
    }
  }
}

/** Gives a place to every event that is committed by now. */
export async function placeEvents(db: Database): Promise<void> {
  while (await db.events.hasUnplaced()) {
    const placed = await db.transaction(({ events }) => events.place(AT_ONCE))
    if (placed < AT_ONCE) return
  }
}
