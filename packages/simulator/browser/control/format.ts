import type { PhoneNumber } from '../../src/model/phone-numbers.ts'
import type { Language } from './texts/index.ts'

/** Li (1/1000 yuan) as yuan: `0.03`, `12.40`, three places only where the third is not zero. */
export const yuan = (li: number): string => (li / 1000).toFixed(li % 10 === 0 ? 2 : 3)

export const clockTime = (ms: number): string => {
  const date = new Date(ms)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')
}

export const dateTime = (ms: number): string => {
  const date = new Date(ms)
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ${clockTime(ms)}`
}

/** `0:42`, `4:05`, `1:59:30`; negative durations count as none. */
export const duration = (ms: number): string => {
  const s = Math.max(0, Math.floor(ms / 1000))
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor(s / 60) % 60]
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(s % 60)}` : `${minutes}:${twoDigits(s % 60)}`
}

/** How far the simulated clock has travelled, in the two largest units. */
export const travel = (ms: number, language: Language): string => {
  const units = language === 'zh' ? ['天', '小时', '分', '秒'] : [' d', ' h', ' min', ' s']
  const s = Math.round(Math.abs(ms) / 1000)
  const parts = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60, s % 60]
  const spelled = parts
    .map((value, index) => (value > 0 ? `${value}${units[index]}` : ''))
    .filter(Boolean)
    .slice(0, 2)
    .join(' ')
  return `${ms < 0 ? '−' : '+'}${spelled || `0${units[3]}`}`
}

/** A number as one writes it: mainland ones bare, others with their country code. */
export const plainNumber = ({ countryCallingCode, nationalNumber }: PhoneNumber): string =>
  countryCallingCode === '86' ? nationalNumber : `+${countryCallingCode}${nationalNumber}`

/** A body as it is best read: JSON indented, anything else untouched. */
export const pretty = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

const twoDigits = (value: number): string => `${value}`.padStart(2, '0')
