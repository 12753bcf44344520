import { checkCount, checkObject, checkText } from '../internal/check.ts'
import { type Answer, type ApiCall, endpoint, otherFields } from '../internal/endpoint.ts'
import { isObject, readCount, readTime, unreadable } from '../internal/read-answer.ts'

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
  readonly startsAt: Date | undefined
  /** `undefined` for a pack that does not expire. */
  readonly endsAt: Date | undefined
  readonly total: number | undefined
  readonly used: number | undefined
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

const usage = endpoint('GET', '/wxa/charge/usage/get')
const average = endpoint('GET', '/wxa/charge/usage/get_recent_average')

/** @see https://developers.weixin.qq.com/miniprogram/dev/server/API/charge/api_getusagedetail.html */
export const getChargeUsage: ApiCall<ChargeUsageInput, ChargeUsageResult> = {
  endpoint: usage,
  request(input) {
    const { spuId, offset = 0, limit = 20 } = checkObject('the input of getChargeUsage', input)
    return {
      query: {
        spuId: checkText('spuId', spuId),
        offset: checkCount('offset', offset, [0, Number.MAX_SAFE_INTEGER]),
        limit: checkCount('limit', limit, [1, 20]),
      },
    }
  },
  result(answer) {
    const total = readCount(answer.all)
    const used = readCount(answer.effectiveUse)
    if (total === undefined || used === undefined) throw unreadable('all and effectiveUse', usage, answer)
    const details = Array.isArray(answer.detailList) ? answer.detailList.filter(isObject) : []
    const packs = details.map(toPack)
    return {
      ...otherFields(answer, ['all', 'effectiveUse', 'total', 'detailList']),
      total,
      used,
      remaining: total - used,
      packCount: readCount(answer.total) ?? packs.length,
      packs,
    }
  },
}

function toPack(detail: Answer): ChargePack {
  const endsAtS = readCount(detail.endTime) ?? noExpiryS
  return {
    ...otherFields(detail, ['pkgId', 'status', 'startTime', 'endTime', 'all', 'used', 'skuId']),
    packageId: String(detail.pkgId ?? ''),
    status: statuses[String(detail.status)] ?? 'unknown',
    startsAt: readTime(detail.startTime),
    endsAt: endsAtS >= noExpiryS ? undefined : readTime(endsAtS),
    total: readCount(detail.all),
    used: readCount(detail.used),
    skuId: String(detail.skuId ?? ''),
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
  endpoint: average,
  request(input) {
    const { spuId } = checkObject('the input of getRecentAverageUsage', input)
    return { query: { spuId: checkText('spuId', spuId) } }
  },
  result(answer) {
    const averageUsage = readCount(answer.averageData)
    if (averageUsage === undefined) throw unreadable('averageData', average, answer)
    return { ...otherFields(answer, ['averageData']), averageUsage }
  },
}
