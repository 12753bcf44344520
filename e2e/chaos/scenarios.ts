import type { FaultInput } from '@haoma/simulator'
import type { DatabaseKind } from './databases.ts'

/** What happens to the service while people sign in. */
export interface Scenario {
  name: string
  database: DatabaseKind
  /** How many serving processes share the database. */
  processes: number
  /** How many people sign in at once; `most` in all, or as many as come until the disaster is over. */
  crowd: { size: number; most?: number }
  /** What WeChat does to the calls, from before the first to after the last. */
  weather?: readonly FaultInput[]
  /** How far the clock of each process is off, in seconds; the others are right. */
  clocksOffS?: readonly number[]
  disaster: Disaster
  /** How many codes may be lost: those in flight at a kill or dropped by WeChat, or none. */
  mayLose: 'what was hit' | 'none'
}

export type Disaster =
  /** Ends a process that has requests in flight and starts it again, one process after the other. */
  | { do: 'end a process'; signal: 'SIGKILL' | 'SIGTERM'; times: number }
  /** Takes the database away under load and brings it back. */
  | { do: 'stop the database'; times: number; forMs: number }
  /** Lets everybody who may come come. */
  | { do: 'nothing' }

const LOGIN = '/sns/jscode2session'
const PHONE = '/wxa/business/getuserphonenumber'

const kills = (database: DatabaseKind, processes: number, times: number): Scenario => ({
  name: `SIGKILL, ${times} times`,
  database,
  processes,
  crowd: { size: 12 },
  disaster: { do: 'end a process', signal: 'SIGKILL', times },
  mayLose: 'what was hit',
})

const slowStop = (database: DatabaseKind, times: number): Scenario => ({
  name: `SIGTERM while WeChat takes 7 s, ${times} times`,
  database,
  processes: 2,
  crowd: { size: 12 },
  weather: [{ kind: 'latency', path: PHONE, latencyMs: 7000 }],
  disaster: { do: 'end a process', signal: 'SIGTERM', times },
  mayLose: 'none',
})

const databaseAway = (times: number): Scenario => ({
  name: `the database stops and starts, ${times} times`,
  database: 'postgres',
  processes: 4,
  crowd: { size: 12 },
  disaster: { do: 'stop the database', times, forMs: 2000 },
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
  disaster: { do: 'nothing' },
  mayLose: 'what was hit',
})

const clocksOff = (times: number): Scenario => ({
  ...kills('postgres', 4, times),
  name: `clocks off by 5 minutes and SIGKILL, ${times} times`,
  clocksOffS: [300, -300],
})

/** Small enough for every run of the suites. */
export const small: readonly Scenario[] = [
  kills('sqlite', 2, 3),
  slowStop('sqlite', 1),
  kills('postgres', 4, 3),
  databaseAway(1),
]

/** `npm run chaos`. */
export const full: readonly Scenario[] = [
  kills('sqlite', 2, 100),
  kills('postgres', 4, 100),
  slowStop('sqlite', 4),
  slowStop('postgres', 4),
  databaseAway(5),
  droppedAnswers('sqlite', 300),
  droppedAnswers('postgres', 300),
  clocksOff(10),
]
