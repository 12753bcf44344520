import { deadlineIn } from '../kernel/deadline.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { ExchangeStore, Intent, Opened } from '../stores/exchange-store.ts'
import type { Leases } from './leases.ts'

export interface OpenCodesParts {
  exchanges: ExchangeStore
  leases: Leases
  policy: {
    /** How long a code is remembered as alive: WeChat's life of a code plus a margin. */
    lifeMs: number
    /** How long a request waits for another process that holds a code. */
    waitMs: number
    /** First pause between two looks at a code that another process holds; the next ones grow. */
    pollMs: number
  }
  sleep: (ms: number) => Promise<void>
  now: () => number
}

/** A code that is not held by another: taken by the caller, or ended, or not the caller's to know of. */
export type Free =
  | Extract<Opened, { outcome: 'taken' }>
  | (Omit<Opened, 'outcome'> & { outcome: 'settled' | 'foreign' })

const LONGEST_POLL_MS = 500

/**
 * Writes down what is about to be spent and takes the leases, waiting for whoever has one. It waits by reading. Told of
 * since when it waited, when it did.
 *
 * @throws {HaomaError} `CODE_IN_PROGRESS` when somebody has one for too long; then nothing is held.
 */
export function createOpenCodes({ exchanges, leases, policy, sleep, now }: OpenCodesParts) {
  const untilFree = async (keys: readonly string[], isOver: () => boolean) => {
    for (let pauseMs = policy.pollMs; !isOver(); pauseMs = Math.min(2 * pauseMs, LONGEST_POLL_MS)) {
      await sleep(pauseMs)
      const looks = await exchanges.look(keys, now())
      if (!looks.some(({ isHeld }) => isHeld)) return
    }
  }

  const giveBack = async (opened: Iterable<Free>) => {
    for (const { outcome, code } of opened) {
      if (outcome !== 'taken') continue
      const state = code.state === 'unknown' ? 'unknown' : 'open'
      await exchanges.release({ key: code.key, attempt: code.attempt, state })
    }
  }

  return async (
    intents: readonly Intent[],
    onWaited: (sinceMs: number) => void = () => {},
  ): Promise<Free[]> => {
    let heldSinceMs: number | undefined
    const deadline = deadlineIn(policy.waitMs)
    const free = new Map<string, Free>()
    for (;;) {
      const wanted = intents.filter(({ key }) => !free.has(key))
      for (const opened of await exchanges.open(wanted, leases.lease(), policy.lifeMs)) {
        if (opened.outcome !== 'held') free.set(opened.code.key, opened as Free)
      }
      const held = wanted.map(({ key }) => key).filter((key) => !free.has(key))
      if (held.length === 0) {
        if (heldSinceMs !== undefined) onWaited(heldSinceMs)
        return [...free.values()]
      }
      heldSinceMs ??= now()
      if (deadline.isOver) {
        await giveBack(free.values())
        throw new HaomaError('CODE_IN_PROGRESS', { retryAfterS: 1 })
      }
      await untilFree(held, () => deadline.isOver)
    }
  }
}
