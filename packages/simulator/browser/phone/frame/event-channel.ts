type Listener = (...values: unknown[]) => void

/** The talk between a page and the one it opened: `getOpenerEventChannel()`. */
export interface EventChannel {
  on(name: string, listener: Listener): void
  once(name: string, listener: Listener): void
  off(name: string, listener?: Listener): void
  emit(name: string, ...values: unknown[]): void
  /** The `events` given to `navigateTo`. */
  listen(events: Record<string, Listener>): void
}

/**
 * Creates the channel of one page. What is emitted before anyone listens is kept for the first listener: the
 * opener emits in `success`, often before the new page has asked for the channel.
 */
export function createEventChannel(): EventChannel {
  const listeners = new Map<string, Set<Listener>>()
  const waiting = new Map<string, unknown[][]>()

  const on: EventChannel['on'] = (name, listener) => {
    const all = listeners.get(name) ?? new Set()
    listeners.set(name, all.add(listener))
    const kept = waiting.get(name) ?? []
    waiting.delete(name)
    for (const values of kept) listener(...values)
  }
  const off: EventChannel['off'] = (name, listener) => {
    if (listener) listeners.get(name)?.delete(listener)
    else listeners.delete(name)
  }
  return {
    on,
    off,
    once(name, listener) {
      const first: Listener = (...values) => {
        off(name, first)
        listener(...values)
      }
      on(name, first)
    },
    emit(name, ...values) {
      const all = listeners.get(name)
      if (all?.size) for (const listener of [...all]) listener(...values)
      else waiting.set(name, [...(waiting.get(name) ?? []), values])
    },
    listen(events) {
      for (const [name, listener] of Object.entries(events)) on(name, listener)
    },
  }
}
