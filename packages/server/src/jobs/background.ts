import { setImmediate } from 'node:timers/promises'
import type { Logger } from '../kernel/logger.ts'

/** Work that is done in small steps, so that nobody waits long behind one. */
export interface Steps {
  /** Does one small round and says how many rows it touched; 0 when there is nothing to do. */
  step(): Promise<number>
}

/** Repeats the steps until there is nothing to do, never two rounds at once. A failure waits for the next round. */
export function createBackground(work: Steps, logger: Logger): () => Promise<void> {
  let round: Promise<void> | undefined
  const run = async () => {
    try {
      while ((await work.step()) > 0) await setImmediate()
    } catch (err) {
      logger.warn({ err }, 'housekeeping failed, it will be tried again')
    } finally {
      round = undefined
    }
  }
  return () => {
    round ??= run()
    return round
  }
}
