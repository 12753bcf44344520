import { HaomaError } from '../kernel/errors.ts'
import type { Middleware } from './router.ts'

/** `\u0000` in JSON, and not `\\u0000`, which is a backslash and letters. */
const ZERO_IN_JSON = /(?<!\\)(?:\\\\)*\\u0000/

/**
 * Refuses zero characters in addresses and bodies: no text of ours has one, SQLite stores it and PostgreSQL does not, and
 * a row that is written together with others would take them along. Stands behind what limits the size of bodies.
 */
export const plainTexts: Middleware = async (c, next) => {
  if (c.req.url.includes('%00')) throw zeroRefused()
  // Only the whole text is read without a stream in between, which costs more than reading it.
  const hasBody = c.req.method !== 'GET' && c.req.method !== 'HEAD'
  if (hasBody && ZERO_IN_JSON.test(await c.req.text())) throw zeroRefused()
  await next()
}

/** What a text with a zero character is answered with. */
export function zeroRefused(cause?: unknown): HaomaError {
  const message = '文字中不能有空字符（U+0000） / a text must not hold a zero character (U+0000)'
  return new HaomaError('BAD_REQUEST', { cause, issues: [{ path: '', message }] })
}
