import type { Socket } from 'node:net'
import type { Listener } from './listener.ts'

/** Closes the listening sockets for a time, so that connections are refused, and opens them again. */
export function createOutages(listeners: readonly Listener[]) {
  let timer: NodeJS.Timeout | undefined
  const end = () => Promise.all(listeners.map((listener) => listener.open()))
  return {
    /**
     * Nobody is answered from this call on, but for the one on `asker`: whoever asked for the outage over HTTP.
     */
    begin(durationMs: number, asker?: Socket): void {
      clearTimeout(timer)
      for (const listener of listeners) void listener.shut(asker)
      // Not unref'd: with every socket closed, nothing else keeps the process until the outage ends.
      timer = setTimeout(() => void end(), durationMs)
    },
    cancel: () => clearTimeout(timer),
  }
}
