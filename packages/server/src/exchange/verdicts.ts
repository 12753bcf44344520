import type { Clock } from '../kernel/clock.ts'

/** What came of asking WeChat about a code. */
export type Verdict<Answer, Failure> =
  | { outcome: 'answered'; answer: Answer }
  | { outcome: 'failed'; failure: Failure }

/**
 * Holds WeChat's final word on a code in memory until it is stored, so that a database that goes away
 * between the two loses nothing: a code cannot be asked about twice.
 */
export interface VerdictKeeper<Failure> {
  keep(key: string, verdict: Verdict<unknown, Failure>): void
  find<Answer>(key: string): Verdict<Answer, Failure> | undefined
  forget(key: string): void
}

export function createVerdictKeeper<Failure>({
  clock,
  lifeMs,
}: {
  clock: Clock
  lifeMs: number
}): VerdictKeeper<Failure> {
  const kept = new Map<string, { verdict: Verdict<unknown, Failure>; untilMs: number }>()

  // Insertion order is order of expiry, so the dead ones are in front.
  const dropExpired = () => {
    const nowMs = clock.now()
    for (const [key, { untilMs }] of kept) {
      if (untilMs > nowMs) break
      kept.delete(key)
    }
  }

  return {
    keep: (key, verdict) => {
      dropExpired()
      if (!kept.has(key)) kept.set(key, { verdict, untilMs: clock.now() + lifeMs })
    },
    // A key stands for one code and so for one kind of answer.
    find: <Answer>(key: string) => kept.get(key)?.verdict as Verdict<Answer, Failure> | undefined,
    forget: (key) => {
      kept.delete(key)
    },
  }
}
