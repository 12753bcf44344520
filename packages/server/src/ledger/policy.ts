/** What an installation can say of its ledger. */
export interface LedgerPolicy {
  /**
   * WeChat's product of the quick component, whose balance is read.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/charge/api_getusagedetail.html
   */
  quickSpuId: string
  /** The same of the realtime component. WeChat publishes none: while it is not named, that balance is not read. */
  realtimeSpuId: string | undefined
  /** Single events of telemetry that one process keeps of one second; all are counted. 0 keeps none. */
  keptEventsPerSecond: number
}

export const ledgerDefaults: LedgerPolicy = {
  quickSpuId: '10000077',
  realtimeSpuId: undefined,
  keptEventsPerSecond: 100,
}
