import type { PhoneEndingKey } from './phone-endings.ts'

/** How the next taps end, decided beforehand. */
export interface NextEvent {
  /** App it falls on; every app when absent. */
  appid?: string | undefined
  /** User it falls on; whoever comes when absent. */
  user?: string | undefined
  /**
   * A wording of real clients, or `deny`: the refusal as the platform of the tap words it, in place of the sheet.
   * Default is `deny`.
   */
  ending?: PhoneEndingKey | 'deny' | undefined
  /** A wording of one's own in place of `ending`: the whole `errMsg`. */
  errMsg?: string | undefined
  /** The errno beside `errMsg`. */
  errno?: number | undefined
  /** How many taps it falls on. Default is 1. */
  count?: number | undefined
}

/** What was ordered for the next taps, oldest first. */
export interface NextEvents {
  add(event: NextEvent): void
  /** The order that falls on this tap, if there is one; it is not used up by the question. */
  find(appid: string, user: string): NextEvent | undefined
  /** Uses an order up, once. */
  use(event: NextEvent): void
  list(): readonly NextEvent[]
}

export function createNextEvents(): NextEvents {
  const events: Array<NextEvent & { count: number }> = []
  return {
    add: (event) => void events.push({ ...event, count: event.count ?? 1 }),
    find: (appid, user) =>
      events.find((event) => (event.appid ?? appid) === appid && (event.user ?? user) === user),
    use(event) {
      const index = events.indexOf(event as (typeof events)[number])
      const known = events[index]
      if (known && --known.count <= 0) events.splice(index, 1)
    },
    list: () => events,
  }
}
