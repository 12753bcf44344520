import type { MemberRecord } from '@haoma/protocol'
import type { Logger } from './kernel/logger.ts'
import type { Database } from './stores/database.ts'
import type { EventType, NewEvent } from './stores/event-store.ts'

/**
 * Functions of the embedding program, called after the commit of what they tell of, with the member and its number, and
 * awaited before the answer goes out. What one throws is logged and changes nothing.
 */
export interface Hooks {
  /** Somebody signed in. */
  onLogin?(told: { member: MemberRecord; appid: string; isNew: boolean }): unknown
  /** A number was bound to a member, or took the place of another. */
  onPhoneBound?(told: { member: MemberRecord; appid: string | null }): unknown
  /** A member became part of another: move what belongs to it. */
  onMerge?(told: { from: string; into: MemberRecord }): unknown
}

type ReadMember = (id: string) => Promise<MemberRecord | undefined>
export type Tell = (events: readonly NewEvent[]) => Promise<void>

/** Tells the hooks what happened. */
export function createTell(hooks: Hooks, parts: { readMember: ReadMember; logger: Logger }): Tell {
  const asPhoneBound = async ({ memberId, appid }: NewEvent) => {
    const member = memberId === null ? undefined : await parts.readMember(memberId)
    if (member) await hooks.onPhoneBound?.({ member, appid })
  }
  const asMerge = async ({ memberId }: NewEvent) => {
    const from = memberId === null ? undefined : await parts.readMember(memberId)
    const into = from?.mergedInto == null ? undefined : await parts.readMember(from.mergedInto)
    if (from && into) await hooks.onMerge?.({ from: from.id, into })
  }
  const byType: Partial<Record<EventType, (event: NewEvent) => Promise<void>>> = {
    'phone.bound': asPhoneBound,
    'phone.changed': asPhoneBound,
    'member.merged': asMerge,
  }
  return async (events) => {
    for (const event of events) await quietly(parts.logger, async () => byType[event.type]?.(event))
  }
}

/** What a hook throws is the embedding program's own, and the login has happened. */
export async function quietly(logger: Logger, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (err) {
    logger.error({ err }, 'a hook failed; what it was told of has happened all the same')
  }
}

/** The database with an ear: after each commit the events that it wrote are told, to one listener after the other. */
export function withCommittedEvents(db: Database, listeners: readonly Tell[]): Database {
  return {
    ...db,
    transaction: async (work) => {
      let written: NewEvent[] = []
      const result = await db.transaction((stores) => {
        // A transaction may run again from the start.
        written = []
        const events = new Proxy(stores.events, {
          get: (target, name) => {
            const method = Reflect.get(target, name)
            if (typeof method !== 'function') return method
            return (...args: unknown[]) => {
              if (name === 'add') written.push(args[0] as NewEvent)
              if (name === 'addOf') written.push(...(args[1] as NewEvent[]))
              return method.apply(target, args)
            }
          },
        })
        return work(Object.create(stores, { events: { value: events, enumerable: true } }))
      })
      for (const tell of listeners) await tell(written)
      return result
    },
  }
}
