import type { TellUnopened } from '../crypto/sealer.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { AlertStore } from '../stores/alert-store.ts'

/** Each is written down once in this time, however often it is read. */
const APART_MS = 60_000

/** Writes down what does not open, so that a rule finds it whichever process met it. Never throws and never waits. */
export function createUnopenedNotes(parts: {
  store: Pick<AlertStore, 'noteUnopened'>
  clock: Clock
  logger: Logger
}): TellUnopened {
  const { store, clock, logger } = parts
  const told = new Map<string, number>()
  return (kind, keyId) => {
    const name = `${kind} (${keyId})`
    const nowMs = clock.now()
    if (nowMs - (told.get(name) ?? Number.NEGATIVE_INFINITY) < APART_MS) return
    told.set(name, nowMs)
    store.noteUnopened(name, nowMs).catch((err) => {
      logger.debug({ err, name }, 'that a value does not open is not written down')
    })
  }
}
