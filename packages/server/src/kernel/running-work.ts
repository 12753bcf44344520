/** What the service is doing right now, so that it can be let end before anything is closed. */
export interface RunningWork {
  track<T>(work: Promise<T>): Promise<T>
  /** Resolves when nothing runs any more, also nothing that was begun meanwhile. */
  ended(): Promise<void>
}

export function createRunningWork(): RunningWork {
  const running = new Set<Promise<unknown>>()
  return {
    track: (work) => {
      running.add(work)
      const forget = () => running.delete(work)
      work.then(forget, forget)
      return work
    },
    ended: async () => {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
