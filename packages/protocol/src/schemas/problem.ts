import { z } from 'zod'
import { clientActions } from '../errors/entry.ts'
import { type ErrorCode, errorCodes } from '../errors/index.ts'
import { mergeOffer } from './login.ts'
import { sessionView } from './sessions.ts'

/** What a client does about an error without reading its text. */
export const clientAction = z.enum(clientActions)
export type ClientAction = z.infer<typeof clientAction>

/**
 * An error answer, `application/problem+json`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const problem = z.object({
  type: z.string().describe('`urn:haoma:error:<code>`.'),
  title: z.string().describe('Short English text; the same for every occurrence of the code.'),
  status: z.int(),
  detail: z.string().describe('What to do, in the language of `Accept-Language` (Chinese by default).'),
  code: z.enum(errorCodes).describe('Stable, machine-readable.'),
  action: clientAction,
  texts: z.object({ zh: z.string(), en: z.string() }).describe('`detail` in both languages.'),
  requestId: z.string().describe('Quote it when you ask for help; it is in the service log.'),
  supportCode: z
    .string()
    .optional()
    .describe('Eight characters to show to people: with it an operator finds this request.'),
  retryAfterS: z
    .number()
    .optional()
    .describe('Seconds to wait before the same request is worth sending again.'),
  wechat: z
    .object({ errcode: z.int(), rid: z.string().optional() })
    .optional()
    .describe("WeChat's own error, when it was the cause."),
  merge: mergeOffer
    .optional()
    .describe('With `resolve-conflict`: the ticket by which the accounts can be joined.'),
  session: sessionView
    .optional()
    .describe(
      'With `resolve-conflict` and `verify-number` on a login: the session of the account known by its openid.',
    ),
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe('What is wrong with which field, for `BAD_REQUEST`.'),
})
export type Problem = Omit<z.infer<typeof problem>, 'code'> & { code: ErrorCode }
