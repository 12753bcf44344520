import { deadlineIn } from '../kernel/deadline.ts'

/** Which codes are being worked on in this process, so that requests for one code go one after the other. */
export interface Flights {
  /**
   * Waits until nobody works on any of the keys, then marks them as the caller's.
   *
   * @param onWaited - Told when it had to wait.
   * @returns What ends it; `undefined` when the wait was too long.
   */
  begin(keys: readonly string[], waitMs: number, onWaited?: () => void): Promise<(() => void) | undefined>
}

export function createFlights(): Flights {
  const flights = new Map<string, Promise<void>>()
  return {
    begin: async (keys, waitMs, onWaited = () => {}) => {
      let hasWaited = false
      const deadline = deadlineIn(waitMs)
      for (;;) {
        const others = keys.map((key) => flights.get(key)).filter((flight) => flight !== undefined)
        if (others.length === 0) break
        if (deadline.isOver) return undefined
        hasWaited = true
        await settledWithin(others, deadline.leftMs)
      }
      if (hasWaited) onWaited()
      let end: () => void = () => {}
      const flight = new Promise<void>((resolve) => {
        end = resolve
      })
      for (const key of keys) flights.set(key, flight)
      return () => {
        for (const key of keys) flights.delete(key)
        end()
      }
    },
  }
}

function settledWithin(flights: readonly Promise<void>[], ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    void Promise.all(flights).then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
