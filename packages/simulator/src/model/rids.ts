import { createHash } from 'node:crypto'

/** The rids of answers: the time, and two groups that follow from the seed and the number of the request. */
export interface Rids {
  /** Counts a request. Cheap, so that it can be done for each, whether its rid is ever read or not. */
  next(): number
  /** `xxxxxxxx-xxxxxxxx-xxxxxxxx`; the first group is the time in seconds. */
  write(nowMs: number, requestNumber: number): string
  /** Where the numbers stand, for a state file. */
  state(): number[]
  /** Goes on from where others stood. */
  resume(state: readonly number[]): void
}

export function createRids(seed: string): Rids {
  const digest = createHash('sha256').update(`${seed}|rid`).digest()
  let [first = 0, second = 0, count = 0] = [digest.readUInt32LE(0), digest.readUInt32LE(4), 0]
  return {
    next: () => ++count,
    write: (nowMs, requestNumber) =>
      [Math.floor(nowMs / 1000), scatter(first ^ requestNumber), scatter(second + requestNumber)]
        .map(hex8)
        .join('-'),
    state: () => [first, second, count],
    resume(state) {
      ;[first = 0, second = 0, count = 0] = state
    },
  }
}

const hex8 = (value: number) => (value >>> 0).toString(16).padStart(8, '0')

/** The finaliser of MurmurHash3: every bit of the input changes half of the output's. */
function scatter(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
