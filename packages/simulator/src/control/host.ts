import type { Socket } from 'node:net'
import type { Model } from '../model/model.ts'
import type { LogEntry } from '../model/request-log.ts'

/** The running simulator, as far as the control endpoints may touch it. */
export interface Host {
  model(): Model
  /** Starts afresh from the state it was started with. */
  reset(seed?: string): void
  /** Puts a new model in place of the old one, once `fill` has succeeded. */
  replace(fill: (fresh: Model) => void): void
  /** Refuses every connection for a time, but for `asker`, the one that the outage was asked for on. */
  outage(durationMs: number, asker?: Socket): void
  /** The certificate HTTPS clients have to trust, PEM; absent without HTTPS. */
  certificate(): string | undefined
  /** Calls `listener` with each new log entry until the returned function is called. */
  subscribe(listener: (entry: LogEntry) => void): () => void
}
