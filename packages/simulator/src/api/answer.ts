import type { Random } from '../model/random.ts'
import type { Text } from '../text.ts'
import { errmsgs } from './errcodes.ts'

/** How an endpoint writes its errors; WeChat's three families differ. */
export type Family = 'cgi-bin' | 'wxa' | 'sns'

/** A refusal of WeChat's: HTTP 200 with an errcode. */
export interface Refusal {
  errcode: number
  /** Text in place of the table's. */
  errmsg?: string | undefined
  /** Whether the text carries a hint before the rid. */
  hint?: boolean | undefined
  /** For the log: why, in words. */
  why: Text
}

export interface RefusedAnswer {
  refusal: Refusal
}
export type Answer = RefusedAnswer | { body: object; why?: Text | undefined }

export const ok = (body: object, why?: Text): Answer => ({ body, why })
export const refuse = (
  errcode: number,
  why: Text,
  extra: Pick<Refusal, 'errmsg' | 'hint'> = {},
): RefusedAnswer => ({
  refusal: { errcode, why, ...extra },
})

/** The errmsg with the tail of its family: a comma before the rid for `sns`, a blank for the others. */
export function errmsgOf(refusal: Refusal, family: Family, rid: string, random: Random): string {
  const text = refusal.errmsg ?? errmsgs[refusal.errcode] ?? 'unknown error'
  if (family === 'sns') return `${text}, rid: ${rid}`
  const hint = refusal.hint ? ` hint: [${random.urlSafe(9)}-${random.alphanumeric(6)}]` : ''
  return `${text}${hint} rid: ${rid}`
}
