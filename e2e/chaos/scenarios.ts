import type { FaultInput } from '@haoma/simulator'
import type { CutMoment } from './cutting-proxy.ts'
import type { DatabaseKind } from './databases.ts'

/** What happens to the service while people sign in. */
export interface Scenario {
  name: string
  database: DatabaseKind
  /** How many serving processes share the database. */
  processes: number
  /** How many people sign in at once; `most` in all, or as many as come until the disasters are over. */
  crowd: { size: number; most?: number }
  /** What WeChat does to the calls, from before the first to after the last. */
  weather?: readonly FaultInput[]
  /** How far the clock of each process is off, in seconds; the others are right. */
  clocksOffS?: readonly number[]
  /** One after the other. With none, everybody who may come comes. */
  disasters: readonly Disaster[]
  /** How many codes may be lost: those in flight at a kill or dropped by WeChat, or none. */
  mayLose: 'what was hit' | 'none'
}

export type Disaster =
  /** Ends a process that has requests in flight and starts it again, one process after the other. */
  | { do: 'end a process'; signal: 'SIGKILL' | 'SIGTERM'; times: number }
  /** Takes something away under load for a while and brings it back. */
  | {
      do: 'stop the database' | 'forbid writing' | 'fill the disk' | 'stop Redis'
      times: number
      forMs: number
    }
  /** Cuts the connection of a commit, before it or after it. */
  | { do: 'cut a commit'; when: CutMoment; times: number }

const nameOf = (disaster: Disaster): string => {
  const what = 'signal' in disaster ? disaster.signal : disaster.do
  return `${what}${'when' in disaster ? ` ${disaster.when}` : ''} × ${disaster.times}`
}

const LOGIN = '/sns/jscode2session'
const PHONE = '/wxa/business/getuserphonenumber'
const CLOCKS_OFF_S = [300, -300]

const kills = (database: DatabaseKind, processes: number, times: number): Scenario => ({
  name: `SIGKILL, ${times} times`,
  database,
  processes,
  crowd: { size: 12 },
  disasters: [{ do: 'end a process', signal: 'SIGKILL', times }],
  mayLose: 'what was hit',
})

const slowStop = (database: DatabaseKind, times: number): Scenario => ({
  name: `SIGTERM while WeChat takes 7 s, ${times} times`,
  database,
  processes: 2,
  crowd: { size: 12 },
  weather: [{ kind: 'latency', path: PHONE, latencyMs: 7000 }],
  disasters: [{ do: 'end a process', signal: 'SIGTERM', times }],
  mayLose: 'none',
})

const away = (database: DatabaseKind, processes: number, disasters: readonly Disaster[]): Scenario => ({
  name: disasters.map(nameOf).join('; '),
  database,
  processes,
  crowd: { size: 12 },
  disasters,
  mayLose: 'none',
})

const droppedAnswers = (database: DatabaseKind, people: number): Scenario => ({
  name: 'WeChat spends codes and drops its answers',
  database,
  processes: 2,
  crowd: { size: 12, most: people },
  weather: [
    { kind: 'drop-after', path: LOGIN, share: 0.1 },
    { kind: 'drop-after', path: PHONE, share: 0.1 },
    { kind: 'half-body', path: PHONE, share: 0.1 },
  ],
  disasters: [],
  mayLose: 'what was hit',
})

const clocksOff = (times: number): Scenario => ({
  ...kills('postgres', 4, times),
  name: `clocks off by 5 minutes and SIGKILL, ${times} times`,
  clocksOffS: CLOCKS_OFF_S,
})

/** Of which a storm is made. */
const gusts: readonly Disaster[] = [
  { do: 'cut a commit', when: 'after', times: 1 },
  { do: 'cut a commit', when: 'before', times: 1 },
  { do: 'cut a commit', when: 'after', times: 3 },
  { do: 'end a process', signal: 'SIGKILL', times: 1 },
  { do: 'end a process', signal: 'SIGTERM', times: 1 },
  { do: 'stop the database', times: 1, forMs: 500 },
  { do: 'forbid writing', times: 1, forMs: 500 },
]
const rain: readonly FaultInput[] = [
  { kind: 'drop-after', path: LOGIN, share: 0.05 },
  { kind: 'drop-before', path: PHONE, share: 0.05 },
  { kind: 'drop-after', path: PHONE, share: 0.05 },
  { kind: 'half-body', path: PHONE, share: 0.05 },
  { kind: 'errcode', path: PHONE, errcode: -1, share: 0.05 },
]
const MOST_GUSTS = 4

/** Whatever comes, in any order, to two processes whose clocks are ten minutes apart. The same seed, the same storm. */
export function drawStorm(seed: number): Scenario {
  // @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (mulberry32)
  let state = seed | 0
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const disasters = Array.from(
    { length: 2 + Math.floor(random() * (MOST_GUSTS - 1)) },
    () => gusts[Math.floor(random() * gusts.length)] as Disaster,
  )
  const weather = rain.filter(() => random() < 0.5)
  return {
    name: `a storm: ${[...disasters.map(nameOf), ...weather.map(({ kind }) => kind)].join('; ')}`,
    database: 'postgres',
    processes: 2,
    crowd: { size: 6 },
    weather,
    clocksOffS: CLOCKS_OFF_S,
    disasters,
    mayLose: 'what was hit',
  }
}

/** Small enough for every run of the suites. */
export const small: readonly Scenario[] = [
  kills('sqlite', 2, 2),
  slowStop('sqlite', 1),
  kills('postgres', 4, 2),
  away('postgres', 2, [
    { do: 'cut a commit', when: 'after', times: 2 },
    { do: 'cut a commit', when: 'before', times: 1 },
    { do: 'stop the database', times: 1, forMs: 1000 },
    { do: 'forbid writing', times: 1, forMs: 1000 },
    { do: 'stop Redis', times: 1, forMs: 500 },
  ]),
]

/** `npm run chaos`. */
export const full: readonly Scenario[] = [
  kills('sqlite', 2, 100),
  kills('postgres', 4, 100),
  slowStop('sqlite', 4),
  slowStop('postgres', 4),
  away('postgres', 4, [{ do: 'stop the database', times: 5, forMs: 2000 }]),
  away('postgres', 4, [{ do: 'forbid writing', times: 5, forMs: 2000 }]),
  away('postgres', 4, [{ do: 'fill the disk', times: 5, forMs: 2000 }]),
  away('sqlite', 2, [{ do: 'fill the disk', times: 5, forMs: 2000 }]),
  away('postgres', 4, [{ do: 'stop Redis', times: 5, forMs: 2000 }]),
  away('postgres', 4, [
    { do: 'cut a commit', when: 'after', times: 50 },
    { do: 'cut a commit', when: 'before', times: 50 },
  ]),
  droppedAnswers('sqlite', 300),
  droppedAnswers('postgres', 300),
  clocksOff(10),
]
