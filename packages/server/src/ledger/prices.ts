import type { PhoneComponent } from '@haoma/protocol'
import type { Price } from '../stores/tariff-store.ts'

/**
 * List prices of the two components, for as long as nobody enters others. A new price is a new line; old lines stay, for
 * the bills of their time.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/PhoneNumberGuide.html
 */
export const listPrices: readonly Price[] = [
  { component: 'quick', fromMs: Date.parse('2023-08-28T00:00:00+08:00'), li: 30 },
  { component: 'realtime', fromMs: Date.parse('2023-08-28T00:00:00+08:00'), li: 40 },
]

/** Calls of each component that every mini program has for nothing; see the same page. */
export const TRIAL_ENTRIES = 1000

/** The price of one call at a moment; 0 before the component cost anything. Of one moment the later line counts. */
export function priceLiAt(component: PhoneComponent, atMs: number, prices = listPrices): number {
  const valid = prices.filter((price) => price.component === component && price.fromMs <= atMs)
  return valid.reduce((newest, price) => (price.fromMs >= newest.fromMs ? price : newest), {
    fromMs: 0,
    li: 0,
  }).li
}
