import type { Text } from '@haoma/protocol'
import type { Refusal, SmsOutcome } from './provider.ts'

/** What codes of a provider's mean. A name that ends in `*` stands for all that begin so; the first row that fits counts. */
export interface RefusalRow {
  codes: readonly string[]
  /** `unknown`: the provider failed on its way, and the SMS may have gone out. */
  means: Refusal | 'unknown'
  /** For the administrator: what it is and what to do. */
  text: Text
  /** Until it may be tried again, in seconds. Default is not told. */
  retryAfterS?: number
}

/** A code that is in no row is a refusal all the same: the provider said no. */
const unlisted: RefusalRow = {
  codes: [],
  means: 'blocked',
  text: {
    zh: '短信平台返回了未收录的错误，请在其控制台按错误码查询。',
    en: 'The provider refused with a code that is not listed here. Look it up in its console.',
  },
}

export function findRefusal(rows: readonly RefusalRow[], code: string): RefusalRow {
  const fits = (name: string) => (name.endsWith('*') ? code.startsWith(name.slice(0, -1)) : code === name)
  return rows.find(({ codes }) => codes.some(fits)) ?? unlisted
}

export function refusalOf(rows: readonly RefusalRow[], code: string): SmsOutcome {
  const { means, retryAfterS } = findRefusal(rows, code)
  if (means === 'unknown') return { outcome: 'unknown', error: code }
  return { outcome: 'refused', refusal: means, error: code, ...(retryAfterS && { retryAfterS }) }
}
