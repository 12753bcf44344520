import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { PhoneVault } from '../numbers/vault.ts'
import type { Database } from '../stores/database.ts'
import type { EventRecord, EventType } from '../stores/event-store.ts'
import { isEventPattern, wants, webhookEvents } from './event-filter.ts'
import { placeEvents } from './fan-out.ts'
import { createWriteMessage } from './message.ts'
import { createSender, type Sent } from './outbound/sender.ts'
import { signedHeaders } from './secrets.ts'

/** An event as it was forwarded. */
export interface ForwardedEvent extends Sent {
  id: string
  type: string
  memberId: string | null
}

export interface ForwardOptions {
  /** Where to; any address, as it is the developer's own. */
  url: string
  /** Signs the messages. */
  secret: string
  /** Event types: names, `phone.*` for a family, `*`. Default is all. */
  events?: readonly string[] | undefined
  /** Ends it. */
  signal: AbortSignal
  /** Told of each event, in order. */
  onForwarded: (event: ForwardedEvent) => void
}

/** What a developer does with events. */
export interface Tail {
  /**
   * Forwards what happens from now on, each event once and in order, with masked numbers, until the signal. What the
   * receiver makes of it changes nothing.
   *
   * @throws {TypeError} When there is no such event.
   */
  forward(options: ForwardOptions): Promise<void>
  /**
   * Makes an event happen that did not happen, marked with `"triggered": true`; gives its id.
   *
   * @param options.memberId - Default is the member that was made last.
   * @throws {TypeError} When there is no such event, or no member.
   */
  trigger(type: string, options?: { memberId?: string | undefined }): Promise<string>
}

export interface TailParts {
  db: Database
  vault: PhoneVault
  clock: Clock
  newId: NewId
}

const LOOK_MS = 300
const AT_ONCE = 50
const TIMEOUT_MS = 30_000

export function createTail({ db, vault, clock, newId }: TailParts): Tail {
  const writeMessage = createWriteMessage({ db, vault, clock, newId })
  const anywhere = { isAllowed: () => true, mayConnect: () => true }

  const newEventsAfter = async (position: number): Promise<EventRecord[]> => {
    await placeEvents(db)
    return inMemberOrder(await db.events.listAfter(position, AT_ONCE))
  }

  return {
    forward: async ({ url, secret, events = ['*'], signal, onForwarded }) => {
      for (const pattern of events) checkEvent(pattern)
      const sender = createSender({ rules: anywhere, timeoutMs: TIMEOUT_MS })
      await placeEvents(db)
      let position = await db.webhooks.lastPosition()
      while (!signal.aborted) {
        for (const event of await newEventsAfter(position)) {
          position = Math.max(position, event.position)
          if (signal.aborted || !wants({ events, appids: null }, event)) continue
          const { id, type, memberId } = event
          const { body } = await writeMessage(event, undefined)
          const signed = signedHeaders([secret], { id, body, nowMs: clock.now() })
          const sent = await sender.post(url, { 'content-type': 'application/json', ...signed }, body)
          onForwarded({ ...sent, id, type, memberId })
        }
        await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
      }
      await sender.close()
    },

    trigger: async (type, { memberId } = {}) => {
      if (type.includes('*')) throw noSuchEvent(type)
      checkEvent(type)
      const isAlert = type.startsWith('alert.')
      const about = isAlert ? null : (memberId ?? (await db.memberFeed.newest()))
      if (about === undefined || (about !== null && !(await db.members.find(about)))) {
        throw new TypeError(
          '没有这个成员：先登录一次，或用 --member 指定 / there is no such member: log in once, or name one with --member',
        )
      }
      const nowMs = clock.now()
      const id = newId(nowMs)
      const event = { id, type: type as EventType, appid: null, memberId: about, createdAtMs: nowMs }
      await db.transaction(({ events }) => events.add({ ...event, data: { triggered: true } }))
      return id
    },
  }
}

/** Events of one moment have their places by chance; of one member they have a number. */
function inMemberOrder(events: EventRecord[]): EventRecord[] {
  const ofMember = new Map<string | null, EventRecord[]>()
  for (const event of events) ofMember.set(event.memberId, [...(ofMember.get(event.memberId) ?? []), event])
  for (const own of ofMember.values()) own.sort((a, b) => (a.memberSeq ?? 0) - (b.memberSeq ?? 0))
  return events.map((event) => ofMember.get(event.memberId)?.shift() ?? event)
}

function checkEvent(pattern: string): void {
  if (!isEventPattern(pattern)) throw noSuchEvent(pattern)
}

function noSuchEvent(type: string): TypeError {
  const known = Object.keys(webhookEvents).join(', ')
  return new TypeError(
    `没有这样的事件（${type}），可用 / there is no such event (${type}); there are: ${known}`,
  )
}
