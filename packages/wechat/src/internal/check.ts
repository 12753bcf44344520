import { badOption } from '../errors/bad-option.ts'
import type { WxErrorTexts } from '../errors/index.ts'
import { reveal, type SecretInput } from '../secret.ts'

/** What parameters must be, in words that follow their name. */
export const rules = {
  object: { en: 'must be an object', zh: '应为对象' },
  text: { en: 'must be a text that is not empty', zh: '应为非空文本' },
  function: { en: 'must be a function', zh: '应为函数' },
  number: { en: 'must be a number above 0', zh: '应为大于 0 的数' },
  time: {
    en: 'must be a number of milliseconds above 0 and below 2147483648',
    zh: '应为大于 0、小于 2147483648 的毫秒数',
  },
  signal: { en: 'must be an AbortSignal', zh: '应为 AbortSignal' },
} as const satisfies Record<string, WxErrorTexts>

/** The longest time that timers of JavaScript can wait. */
const maxTimeMs = 2 ** 31 - 1

/** Refuses what is no object, so that its members can be looked at. */
export function checkObject<T>(name: string, value: T): T & object {
  if (typeof value === 'object' && value !== null) return value
  throw badOption(name, rules.object)
}

/** Refuses what is no text, or is an empty one. */
export function checkText(name: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw badOption(name, rules.text)
}

/** Gives the text of a secret, plain or wrapped; refuses anything else. */
export function checkSecret(name: string, value: SecretInput): string {
  const isSecret = typeof value === 'string' || typeof value?.reveal === 'function'
  return checkText(name, isSecret ? reveal(value) : undefined)
}

/** Refuses a whole number outside its range. */
export function checkCount(name: string, value: number, [min, max]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw badOption(name, {
    en: `must be a whole number from ${min} to ${max}`,
    zh: `应为 ${min} 到 ${max} 的整数`,
  })
}

/** Whether a timer can wait so long. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= maxTimeMs
}

/** Gives a time in milliseconds or its default; refuses what no timer can wait for. */
export function checkTime(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (isTime(value)) return value
  throw badOption(name, rules.time)
}
