import type { Random } from './random.ts'

/** What can go wrong between a back end and WeChat. */
export const faultKinds = [
  'latency',
  'refused',
  'drop-before',
  'drop-after',
  'half-body',
  'garbage',
  'errcode',
  'token-replaced',
  'clock-skew',
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface FaultInput {
  kind: FaultKind
  /** API path it falls on; every path when absent. */
  path?: string | undefined
  /** The path is meant although the simulator does not play it. */
  unplayed?: boolean | undefined
  /** App it falls on; every app when absent. */
  appid?: string | undefined
  /** How many calls it falls on before it is gone; without end when absent. */
  count?: number | undefined
  /** The share of calls it falls on, from 0 to 1. Default is 1. */
  share?: number | undefined
  /** `latency`: how long the answer waits. */
  latencyMs?: number | undefined
  /** `errcode`: what is answered. Default is -1. */
  errcode?: number | undefined
  /** `garbage`: the HTTP status. Default is 502. */
  status?: number | undefined
  /** `errcode`, `garbage`: whether the call is carried out first, so that a code is spent. Default is false. */
  spend?: boolean | undefined
  /** `clock-skew`: how far WeChat's clock is ahead of the model's; negative for behind. */
  skewMs?: number | undefined
}

export interface Fault extends FaultInput {
  id: string
  /** How many calls it has fallen on. */
  hits: number
}

export interface Faults {
  add(input: FaultInput): Fault
  remove(id: string): boolean
  clear(): void
  /** The faults that fall on this call; counts are used up by asking. */
  draw(path: string, appid: string | undefined): readonly Fault[]
  list(): readonly Fault[]
}

const NONE: readonly Fault[] = []

/** @param random - a stream of its own, so that faults do not change the codes and tokens of a run */
export function createFaults(random: Random): Faults {
  let faults: Fault[] = []
  let nextId = 1
  const strikes = (fault: Fault, path: string, appid: string | undefined) =>
    (fault.path === undefined || fault.path === path) &&
    (fault.appid === undefined || fault.appid === appid) &&
    (fault.share === undefined || random.fraction() < fault.share)
  return {
    add(input) {
      const fault: Fault = { ...input, id: `f${nextId++}`, hits: 0 }
      faults.push(fault)
      return fault
    },
    remove(id) {
      const before = faults.length
      faults = faults.filter((fault) => fault.id !== id)
      return faults.length < before
    },
    clear() {
      faults = []
    },
    draw(path, appid) {
      if (faults.length === 0) return NONE
      const struck = faults.filter((fault) => strikes(fault, path, appid))
      for (const fault of struck) fault.hits++
      faults = faults.filter((fault) => fault.count === undefined || fault.hits < fault.count)
      return struck
    },
    list: () => faults,
  }
}
