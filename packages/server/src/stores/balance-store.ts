import type { PhoneComponent } from '@haoma/protocol'

/** A pack as WeChat counts it. */
export interface PackageCount {
  packageId: string
  isTrial: boolean
  entries: number
  used: number
  startsAtMs: number
  endsAtMs: number | null
}

/** One part of a difference. Positive where WeChat counts more than we do. */
export interface DifferencePart {
  cause: DifferenceCause
  entries: number
}

export type DifferenceCause =
  | 'never-sent'
  | 'unproven'
  | 'in-flight'
  | 'other-product'
  | 'free'
  | 'devtools'
  | 'telemetry-missing'
  | 'not-at-wechat'

/** What WeChat said of its balance at a moment, and what came of comparing it with ours. */
export interface BalanceReading {
  id: string
  appid: string
  component: PhoneComponent
  spuId: string
  atMs: number
  /** Of all packs that WeChat ever told of. `null` when it could not be read. */
  wechatTotal: number | null
  wechatUsed: number | null
  /** Calls left in the packs that can be used now. */
  wechatLeft: number | null
  packages: PackageCount[]
  error: string | null
  /** What we counted up to then, once that is settled. */
  oursUsed: number | null
  /** WeChat's count less ours, both since the first reading. */
  difference: number | null
  explanation: DifferencePart[]
  reconciledAtMs: number | null
}

export interface BalanceStore {
  add(reading: BalanceReading): Promise<void>
  /** The first reading of a product that succeeded: both books begin there. */
  first(of: { appid: string; component: PhoneComponent; spuId: string }): Promise<BalanceReading | undefined>
  /** The newest readings first, also those that failed. */
  list(of: {
    appid?: string | undefined
    component?: PhoneComponent | undefined
    fromMs?: number | undefined
    limit: number
  }): Promise<BalanceReading[]>
  /** The newest reading of each app and component that succeeded, since a moment. */
  newest(sinceMs: number): Promise<BalanceReading[]>
  /** Readings that were not compared yet, taken before, oldest first. */
  listOpen(takenBeforeMs: number, limit: number): Promise<BalanceReading[]>
  reconcile(
    id: string,
    result: Pick<BalanceReading, 'oursUsed' | 'difference' | 'explanation' | 'reconciledAtMs'>,
  ): Promise<void>
}
