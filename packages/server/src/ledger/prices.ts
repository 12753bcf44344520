import type { PhoneComponent } from '@haoma/protocol'

export interface Price {
  component: PhoneComponent
  /** The price holds from this moment on. */
  fromMs: number
  /** In li, 1/1000 yuan, per successful call of the component. */
  li: number
}

/**
 * List prices of the two components. A new price is a new line; old lines stay, for the bills of their time.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/PhoneNumberGuide.html
 */
const prices: readonly Price[] = [
  { component: 'quick', fromMs: Date.parse('2023-08-28T00:00:00+08:00'), li: 30 },
  { component: 'realtime', fromMs: Date.parse('2023-08-28T00:00:00+08:00'), li: 40 },
]

/** The list price of one call at a moment; 0 before the component cost anything. */
export function priceLiAt(component: PhoneComponent, atMs: number, table = prices): number {
  const valid = table.filter((price) => price.component === component && price.fromMs <= atMs)
  return valid.reduce((newest, price) => (price.fromMs >= newest.fromMs ? price : newest), {
    fromMs: 0,
    li: 0,
  }).li
}
