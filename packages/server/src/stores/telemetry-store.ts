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

export interface TelemetryStore {
  /**
   * Remembers a batch, once. Of any number of callers with one id, at once or later, one gets `true`.
   */
  takeBatch(batch: { id: string; atMs: number }): Promise<boolean>
  /** Adds to the sums. */
  add(sums: readonly TelemetrySum[]): Promise<void>
  /** The sums of one app from an hour on, oldest first. */
  list(filter: { appid: string; fromMs: number }): Promise<TelemetrySum[]>
  /** Forgets batches that were taken before, and says how many. */
  removeBatches(filter: { takenBeforeMs: number; limit: number }): Promise<number>
}
