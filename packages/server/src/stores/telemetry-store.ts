/** How often something happened in one hour. */
export interface TelemetrySum {
  /** Start of the hour, Unix time in milliseconds. */
  startMs: number
  appid: string
  /** Empty when the event has none. */
  component: string
  /** Such as `tapped` or `ended:denied`. */
  event: string
  /** Empty when the client does not say. */
  clientVersion: string
  entries: number
  /** All durations together. */
  durationMs: number
}

/** One thing that a button told, kept for some days. */
export interface ToldEvent {
  id: string
  atMs: number
  appid: string
  component: string | null
  /** Such as `tapped` or `ended:refused`. */
  event: string
  platform: string | null
  clientVersion: string | null
}

/** Sums that are put together, by event and, where it is asked for, by hour. */
export type TelemetryAnswer = Pick<TelemetrySum, 'event' | 'entries' | 'durationMs'> & { startMs?: number }

export interface TelemetryStore {
  /**
   * Remembers batches, each once: of any number of callers with one id, at once or later, one is given it.
   *
   * @returns the ids that the caller was given
   */
  takeBatches(ids: readonly string[], atMs: number): Promise<string[]>
  /** Adds to the sums. */
  add(sums: readonly TelemetrySum[]): Promise<void>
  /** The sums of one app from an hour on, oldest first. */
  list(filter: { appid: string; fromMs: number }): Promise<TelemetrySum[]>
  /** How often each event happened between two hours; by day in Shanghai as well where `byDay` says so. */
  ask(filter: {
    appid?: string | undefined
    fromMs: number
    toMs: number
    byDay?: boolean
  }): Promise<TelemetryAnswer[]>
  keep(events: readonly ToldEvent[]): Promise<void>
  /** Forgets batches that were taken before, and says how many. */
  removeBatches(filter: { takenBeforeMs: number; limit: number }): Promise<number>
}
