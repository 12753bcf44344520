import { type Deadline, deadlineIn } from './deadline.ts'

/** Lets one in at a time, in the order in which they came. */
export interface Mutex {
  /**
   * Resolves with the function that lets the next one in.
   *
   * @returns `undefined` when the deadline was over before it was this one's turn.
   */
  acquire(deadline?: Deadline): Promise<(() => void) | undefined>
}

export function createMutex(): Mutex {
  const waiting = new Set<(release: () => void) => void>()
  let isHeld = false

  const takeRelease = () => {
    let isDone = false
    return () => {
      if (isDone) return
      isDone = true
      const [next] = waiting
      if (!next) {
        isHeld = false
        return
      }
      waiting.delete(next)
      next(takeRelease())
    }
  }

  return {
    acquire: (deadline = deadlineIn(Number.POSITIVE_INFINITY)) => {
      if (!isHeld) {
        isHeld = true
        return Promise.resolve(takeRelease())
      }
      return new Promise((resolve) => {
        let timer: ReturnType<typeof setTimeout> | undefined
        const enter = (release: () => void) => {
          clearTimeout(timer)
          resolve(release)
        }
        waiting.add(enter)
        if (!Number.isFinite(deadline.leftMs)) return
        timer = setTimeout(() => {
          if (waiting.delete(enter)) resolve(undefined)
        }, deadline.leftMs)
      })
    },
  }
}
