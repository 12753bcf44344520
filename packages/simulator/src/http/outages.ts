import type { Listener } from './listener.ts'

/** Long enough for the answer to whoever asked for the outage to leave. */
const GRACE_MS = 20

/** Closes the listening sockets for a time, so that connections are refused, and opens them again. */
export function createOutages(listeners: readonly Listener[]) {
  let timer: NodeJS.Timeout | undefined
  const end = () => Promise.all(listeners.map((listener) => listener.open()))
  return {
    begin(durationMs: number): void {
      clearTimeout(timer)
      timer = setTimeout(() => {
        void Promise.all(listeners.map((listener) => listener.shut()))
        // Not unref'd: with every socket closed, nothing else keeps the process until the outage ends.
        timer = setTimeout(() => void end(), durationMs)
      }, GRACE_MS)
    },
    cancel: () => clearTimeout(timer),
  }
}
