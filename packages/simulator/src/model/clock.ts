import { SimulatorError } from '../errors.ts'

/** Where the model reads the time. Every duration of the simulator is measured on it. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
}

/** The end of the year 9999: later times have no place in HTTP dates and ISO 8601. */
const LATEST_MS = Date.UTC(10_000, 0) - 1

/** The model's clock: a base clock that can be set, advanced and stopped. */
export interface SimulatorClock extends Clock {
  /**
   * Moves the clock to a point in time; it runs on from there.
   *
   * @throws SimulatorError `BAD_CLOCK` before 1970, after 9999, or for what is no number
   */
  set(nowMs: number): void
  /** Moves the clock by a number of milliseconds, back when negative; throws as `set` does. */
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
    if (!(targetMs >= 0 && targetMs <= LATEST_MS)) throw outOfRange()
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

function outOfRange(): SimulatorError {
  return new SimulatorError(400, 'BAD_CLOCK', {
    zh: '时钟只能设在 1970 年到 9999 年之间。',
    en: 'The clock can be set to a time from 1970 to 9999.',
  })
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
