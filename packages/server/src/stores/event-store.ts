/** What happened to a member, as other systems are told of it. */
export type EventType =
  | 'member.created'
  | 'member.linked'
  | 'phone.bound'
  | 'phone.changed'
  | 'phone.unbound'
  | 'member.merged'
  | 'member.unmerged'
  | 'member.banned'
  | 'member.unbanned'
  | 'member.erased'
  | 'session.ended'
  | `alert.${string}`

export interface NewEvent {
  id: string
  type: EventType
  appid: string | null
  memberId: string | null
  /** Without any number: it is opened when it is sent. */
  data: Record<string, unknown>
  createdAtMs: number
}

export interface EventRecord extends NewEvent {
  /** Counts the events of one member without a gap; `null` where no member is concerned. */
  memberSeq: number | null
  /** Its place in the order in which all readers see events. */
  position: number
}

/**
 * Events are written in the transaction that caused them and get their place when somebody reads, under one lock. So a
 * reader who pages by position never misses a row that was committed late, in whatever order transactions end.
 */
export interface EventStore {
  /** Writes an event down, inside the transaction that caused it. */
  add(event: NewEvent): Promise<void>
  /**
   * Writes several events of one member down, in their order, and when the member changed.
   *
   * @param before - How many events the member has, for one that was made in this transaction with room for these.
   *   Default is to ask.
   */
  addOf(memberId: string, events: readonly NewEvent[], before?: number): Promise<void>
  /** Events of a member in the order in which they happened, placed or not. */
  listOf(memberId: string): Promise<Omit<EventRecord, 'position'>[]>
  /**
   * Gives a place to every event that has none, and moves their members to the end of the order of changes. Inside a
   * transaction of its own. Says how many were placed.
   */
  place(limit: number): Promise<number>
  /** Whether there are events without a place. */
  hasUnplaced(): Promise<boolean>
  /** An event that has a place. */
  find(id: string): Promise<EventRecord | undefined>
  /** Events that have a place, in its order. */
  listAfter(position: number, limit: number): Promise<EventRecord[]>
}
