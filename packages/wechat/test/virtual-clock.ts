import type { Clock } from '../src/clock.ts'

interface Timer {
  readonly task: () => void
  readonly atMs: number
  readonly order: number
}

/** Time that passes only when the test says so. Timers due at one moment run in the order they were set. */
export function createVirtualClock() {
  let nowMs = 0
  let order = 0
  let turn = 0
  const timers = new Set<Timer>()

  function next(untilMs: number): Timer | undefined {
    const due = [...timers].filter(({ atMs }) => atMs <= untilMs)
    return due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0]
  }

  return {
    /** The clock of one host; its wall clock may be off. */
    forHost: (skewMs = 0): Clock => ({
      now: () => 1_700_000_000_000 + nowMs + skewMs,
      monotonic: () => nowMs + 10 * skewMs,
      schedule(task, delayMs) {
        const timer = { task, atMs: nowMs + Math.max(0, delayMs), order: ++order }
        timers.add(timer)
        return () => void timers.delete(timer)
      },
    }),
    nowMs: () => nowMs,
    /** Counts what happens: things of one turn happen at the same moment for the code under test. */
    turn: () => turn,
    /** Lets time pass, and everything that is due happen in its order. */
    async advance(ms: number): Promise<void> {
      const untilMs = nowMs + ms
      turn += 1
      await settle()
      for (let timer = next(untilMs); timer !== undefined; timer = next(untilMs)) {
        timers.delete(timer)
        nowMs = Math.max(nowMs, timer.atMs)
        turn += 1
        timer.task()
        await settle()
      }
      nowMs = untilMs
      turn += 1
    },
  }
}

export type VirtualClock = ReturnType<typeof createVirtualClock>

/** Lets every promise that can settle do so. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
