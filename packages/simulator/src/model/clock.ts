/** Where the model reads the time. Every duration of the simulator is measured on it. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
}

/** The model's clock: a base clock that can be set, advanced and stopped. */
export interface SimulatorClock extends Clock {
  /** Moves the clock to a point in time; it runs on from there. */
  set(nowMs: number): void
  /** Moves the clock by a number of milliseconds, back when negative. */
  advance(ms: number): void
  /** Stops the clock where it is, or lets it run on. */
  freeze(frozen: boolean): void
  /** Distance to the base clock in milliseconds; 0 when nobody has travelled. */
  readonly offsetMs: number
  readonly isFrozen: boolean
}

export const systemClock: Clock = { nowMs: () => Date.now() }

export function createSimulatorClock(base: Clock): SimulatorClock {
  let offsetMs = 0
  let frozenAtMs: number | undefined
  const nowMs = () => frozenAtMs ?? base.nowMs() + offsetMs
  const set = (targetMs: number) => {
    if (frozenAtMs !== undefined) frozenAtMs = targetMs
    offsetMs = targetMs - base.nowMs()
  }
  return {
    nowMs,
    set,
    advance: (ms) => set(nowMs() + ms),
    freeze(frozen) {
      if (frozen) frozenAtMs ??= nowMs()
      else if (frozenAtMs !== undefined) {
        const resumeAtMs = frozenAtMs
        frozenAtMs = undefined
        set(resumeAtMs)
      }
    },
    get offsetMs() {
      return offsetMs
    },
    get isFrozen() {
      return frozenAtMs !== undefined
    },
  }
}

const BEIJING_OFFSET_MS = 8 * 3_600_000

/** The day in Beijing, at whose midnight WeChat's daily counters start again, as `YYYY-MM-DD`. */
export function beijingDay(nowMs: number): string {
  return new Date(nowMs + BEIJING_OFFSET_MS).toISOString().slice(0, 10)
}

/** The day in Beijing as a number that only grows, for counters on the hot path. */
export function beijingDayNumber(nowMs: number): number {
  return Math.floor((nowMs + BEIJING_OFFSET_MS) / 86_400_000)
}
