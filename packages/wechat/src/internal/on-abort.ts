interface Followed {
  readonly tasks: Set<() => void>
  readonly runAll: () => void
}

const followed = new WeakMap<AbortSignal, Followed>()

function nothing(): void {}

/**
 * Calls `task` when a signal aborts, until the returned function is called. However many calls share a signal, it has
 * one listener, and none when they are over: a server may hand one and the same signal to all of its calls.
 */
export function onAbort(signal: AbortSignal | undefined, task: () => void): () => void {
  if (signal === undefined) return nothing
  const { tasks, runAll } = followed.get(signal) ?? follow(signal)
  if (tasks.size === 0) signal.addEventListener('abort', runAll, { once: true })
  tasks.add(task)
  return () => {
    if (tasks.delete(task) && tasks.size === 0) signal.removeEventListener('abort', runAll)
  }
}

function follow(signal: AbortSignal): Followed {
  const tasks = new Set<() => void>()
  const runAll = () => {
    for (const task of [...tasks]) task()
  }
  const it = { tasks, runAll }
  followed.set(signal, it)
  return it
}
