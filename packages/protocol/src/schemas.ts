/**
 * The request and response bodies of the login service as zod schemas. JSON, camelCase.
 *
 * @module
 */
import { z } from 'zod'
import type { ErrorCode } from './errors.ts'
import { clientActions, errorCodes } from './errors.ts'
import { limits } from './limits.ts'

const code = z.string().trim().min(1).max(limits.codeLength)

/** Which of WeChat's two paid components made a phone code. It decides the price; the exchange is the same. */
export const phoneComponent = z.enum(['quick', 'realtime'])
export type PhoneComponent = z.infer<typeof phoneComponent>

export const loginRequest = z.object({
  appid: z.string().trim().min(1).max(64).describe('AppID of the mini program that runs the login.'),
  loginCode: code.describe('`code` from `wx.login`. Single-use, lives 5 minutes.'),
  phoneCode: code
    .optional()
    .describe('`code` from the phone button. Single-use, lives 5 minutes from the tap, already paid for.'),
  component: phoneComponent.optional().describe('Component that gave `phoneCode`. Default is `quick`.'),
})
export type LoginRequest = z.input<typeof loginRequest>

export const phoneRequest = z.object({
  phoneCode: code.describe('`code` from the phone button.'),
  component: phoneComponent.optional().describe('Component that gave `phoneCode`. Default is `quick`.'),
})
export type PhoneRequest = z.input<typeof phoneRequest>

export const refreshRequest = z.object({ refreshToken: z.string().min(1).max(512) })
export type RefreshRequest = z.input<typeof refreshRequest>

/** What a client may know of a member's number: never the number itself. */
export const phoneView = z.object({
  bound: z.boolean().describe('Whether a number is known. When true, do not show a paid button.'),
  masked: z
    .string()
    .nullable()
    .describe('For people, e.g. `138****8000` or `+852 6*****21`. Null when unbound.'),
  verifiedAt: z.iso.datetime().nullable().describe('When WeChat last vouched for the number.'),
})
export type PhoneView = z.infer<typeof phoneView>

export const memberView = z.object({ id: z.string(), phone: phoneView })
export type MemberView = z.infer<typeof memberView>

export const sessionView = z.object({
  accessToken: z.string().describe('JWT; verify it with `/.well-known/jwks.json`.'),
  expiresIn: z.int().describe('Seconds until `accessToken` expires.'),
  refreshToken: z.string().describe('Opaque; each one works once and gives the next.'),
})
export type SessionView = z.infer<typeof sessionView>

export const loginResponse = z.object({ member: memberView, session: sessionView })
export type LoginResponse = z.infer<typeof loginResponse>

export const phoneResponse = z.object({
  member: memberView,
  session: sessionView
    .optional()
    .describe(
      'Present when the number belonged to an existing member, whom the caller now is: replace the stored tokens.',
    ),
})
export type PhoneResponse = z.infer<typeof phoneResponse>

export const meResponse = z.object({ member: memberView })
export type MeResponse = z.infer<typeof meResponse>

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
  retryAfterS: z
    .number()
    .optional()
    .describe('Seconds to wait before the same request is worth sending again.'),
  wechat: z
    .object({ errcode: z.int(), rid: z.string().optional() })
    .optional()
    .describe("WeChat's own error, when it was the cause."),
  issues: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe('What is wrong with which field, for `BAD_REQUEST`.'),
})
export type Problem = Omit<z.infer<typeof problem>, 'code'> & { code: ErrorCode }
