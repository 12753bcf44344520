import type { PhoneComponent } from '@haoma/protocol'
import { type ApiCalls, type ChargePack, isWxError } from '@haoma/wechat'
import type { BalanceReading, PackageCount } from '../stores/balance-store.ts'

/** Which balance: WeChat has one for each product. */
export interface BalanceOf {
  appid: string
  component: PhoneComponent
  spuId: string
}

/** What WeChat says of a balance, or why it did not say it, as JSON of a text in two languages. */
export type BalanceAnswer = Pick<
  BalanceReading,
  'wechatTotal' | 'wechatUsed' | 'wechatLeft' | 'packages' | 'error'
>

/** WeChat gives no more packs in one answer. */
const PAGE = 20
/** Nobody has that many; an answer that never ends does. */
const MOST_PAGES = 50

/**
 * Asks WeChat for a balance. Packs that it told of before and tells of no more are over, and what was used of them stays
 * used.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/charge/api_getusagedetail.html
 */
export async function readBalance(
  app: Pick<ApiCalls, 'getChargeUsage'>,
  spuId: string,
  before: readonly PackageCount[],
): Promise<BalanceAnswer> {
  try {
    const told = await listPacks(app, spuId)
    const packages = told.map(countOf)
    const over = before.filter(({ packageId }) => !packages.some((one) => one.packageId === packageId))
    const active = packages.filter((_, at) => told[at]?.status === 'active')
    const ever = [...over, ...packages]
    return {
      wechatTotal: total(ever.map(({ entries }) => entries)),
      wechatUsed: total(ever.map(({ used }) => used)),
      wechatLeft: total(active.map(({ entries, used }) => entries - used)),
      packages: ever,
      error: null,
    }
  } catch (error) {
    return {
      wechatTotal: null,
      wechatUsed: null,
      wechatLeft: null,
      packages: [],
      error: JSON.stringify(textOf(error)),
    }
  }
}

async function listPacks(app: Pick<ApiCalls, 'getChargeUsage'>, spuId: string): Promise<ChargePack[]> {
  const packs: ChargePack[] = []
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await app.getChargeUsage({ spuId, offset: packs.length, limit: PAGE })
    packs.push(...answer.packs)
    if (answer.packs.length === 0 || packs.length >= answer.packCount) break
  }
  return packs
}

/** The id of the kind of goods that is the trial: one real answer had it. */
const TRIAL_SKU = '20000093'

function countOf({ packageId, skuId, total: entries, used, startsAt, endsAt }: ChargePack): PackageCount {
  if (entries === undefined || used === undefined) throw new TypeError('a pack without its counts')
  return {
    packageId,
    isTrial: skuId === TRIAL_SKU,
    entries,
    used,
    startsAtMs: startsAt?.getTime() ?? 0,
    endsAtMs: endsAt?.getTime() ?? null,
  }
}

function textOf(error: unknown): { zh: string; en: string } {
  if (isWxError(error)) return { zh: error.texts.zh, en: error.texts.en }
  return {
    zh: '微信的应答无法读取。',
    en: 'The answer of WeChat could not be read.',
  }
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)
