import { language } from '../look/i18n.ts'

const localeOf = () => (language() === 'zh' ? 'zh-CN' : 'en-GB')

/** Yuan of an amount in li (1/1000 yuan): two digits, three where a price needs them. */
export function yuan(li: number, { digits = 2 }: { digits?: 0 | 2 | 3 } = {}): string {
  const amount = (li / 1000).toLocaleString(localeOf(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return `¥${amount}`.replace('¥-', '−¥')
}

export function count(value: number): string {
  return value.toLocaleString(localeOf())
}

/** A count that fits into a picture: 1.2万 / 12k. */
export function shortCount(value: number): string {
  return value.toLocaleString(localeOf(), { notation: 'compact', maximumFractionDigits: 1 })
}

/** A share of one as per cent; a dash when there is nothing to take it of. */
export function share(part: number, of: number, digits = 1): string {
  if (!of) return '–'
  return (part / of).toLocaleString(localeOf(), { style: 'percent', maximumFractionDigits: digits })
}
