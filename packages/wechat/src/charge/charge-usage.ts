import { type Answer, type ApiCall, endpoint, otherFields } from '../internal/endpoint.ts'

/** What {@link ApiCalls.getChargeUsage} takes. */
export interface ChargeUsageInput {
  /** The product: `10000077` is the quick phone component. WeChat does not publish that of the realtime one. */
  readonly spuId: string
  /** Default is 0. */
  readonly offset?: number | undefined
  /** Packs in one answer, at most 20. Default is 20. */
  readonly limit?: number | undefined
}

/** One pack of calls. */
export interface ChargePack {
  readonly packageId: string
  readonly status: 'active' | 'not-yet' | 'expired' | 'unknown'
  readonly startsAt: Date
  /** `undefined` for a pack that does not expire. */
  readonly endsAt: Date | undefined
  readonly total: number
  readonly used: number
  readonly skuId: string
  readonly [field: string]: unknown
}

/** What {@link ApiCalls.getChargeUsage} gives. Fields that WeChat adds are kept as they come. */
export interface ChargeUsageResult {
  /** Calls in all packs. */
  readonly total: number
  readonly used: number
  readonly remaining: number
  /** Packs there are; more than {@link packs} holds when the answer is one page of several. */
  readonly packCount: number
  readonly packs: readonly ChargePack[]
  readonly [field: string]: unknown
}

const statuses: Readonly<Record<string, ChargePack['status']>> = { 1: 'active', 2: 'not-yet', 3: 'expired' }
const noExpiryS = 4294967295

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/charge/api_getusagedetail.html */
export const getChargeUsage: ApiCall<ChargeUsageInput, ChargeUsageResult> = {
  endpoint: endpoint('GET', '/wxa/charge/usage/get'),
  request: ({ spuId, offset = 0, limit = 20 }) => ({ query: { spuId, offset, limit } }),
  result(answer) {
    const total = Number(answer.all)
    const used = Number(answer.effectiveUse)
    const packs = Array.isArray(answer.detailList) ? (answer.detailList as Answer[]).map(toPack) : []
    return {
      ...otherFields(answer, ['all', 'effectiveUse', 'total', 'detailList']),
      total,
      used,
      remaining: total - used,
      packCount: Number(answer.total ?? packs.length),
      packs,
    }
  },
}

function toPack(detail: Answer): ChargePack {
  const endsAtS = Number(detail.endTime)
  return {
    ...otherFields(detail, ['pkgId', 'status', 'startTime', 'endTime', 'all', 'used', 'skuId']),
    packageId: String(detail.pkgId),
    status: statuses[String(detail.status)] ?? 'unknown',
    startsAt: new Date(Number(detail.startTime) * 1000),
    endsAt: endsAtS >= noExpiryS ? undefined : new Date(endsAtS * 1000),
    total: Number(detail.all),
    used: Number(detail.used),
    skuId: String(detail.skuId),
  }
}

/** What {@link ApiCalls.getRecentAverageUsage} gives. */
export interface RecentAverageUsageResult {
  /** Mean use of the last months; WeChat does not say of how many. */
  readonly averageUsage: number
  readonly [field: string]: unknown
}

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/charge/api_getrecentaverageusage.html */
export const getRecentAverageUsage: ApiCall<Pick<ChargeUsageInput, 'spuId'>, RecentAverageUsageResult> = {
  endpoint: endpoint('GET', '/wxa/charge/usage/get_recent_average'),
  request: ({ spuId }) => ({ query: { spuId } }),
  result: (answer) => ({
    ...otherFields(answer, ['averageData']),
    averageUsage: Number(answer.averageData),
  }),
}
