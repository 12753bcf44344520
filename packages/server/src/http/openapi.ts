import { type ErrorCode, errorTable } from '@haoma/protocol'
import * as schemas from '@haoma/protocol/schemas'
import { z } from '@hono/zod-openapi'
import { problemType } from './problems.ts'

/** A required JSON body. */
export function jsonBody<T extends z.ZodType>(schema: T, example: z.input<T>) {
  return { required: true, content: { 'application/json': { schema, example } } } as const
}

/** Codes in the form WeChat gives them; they stand for nothing. */
export const exampleCodes = {
  appid: 'wx5f0a3c9e7b1d2468',
  loginCode: '0a3Xk5ml2bQ9nd4oPr1pl2vTf00Xk5mA',
  phoneCode: '3d1f5c0a9b7e24861f0c5d3a7b9e2846a1c3e5f708192b4d6f8091a3b5c7d9e0',
}

/** A JSON answer. */
export function jsonAnswer<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } } as const
}

/** Errors that any call with a body may answer. */
export const bodyErrors = [
  'BAD_REQUEST',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
] as const satisfies readonly ErrorCode[]

/** Errors that any call of a back end may answer. */
export const clientErrors = [
  'CLIENT_REQUIRED',
  'SCOPE_MISSING',
  'IP_NOT_ALLOWED',
] as const satisfies readonly ErrorCode[]

/** Errors that any call that uses the database may answer, and is counted. */
export const commonErrors = [
  'RATE_LIMITED',
  'STORE_UNAVAILABLE',
  'TIMED_OUT',
  'INTERNAL',
] as const satisfies readonly ErrorCode[]

/** Errors of a call that talks to WeChat. */
export const wechatErrors = [
  'CODE_IN_PROGRESS',
  'USER_BLOCKED',
  'WECHAT_BUSY',
  'WECHAT_UNREACHABLE',
  'WECHAT_NO_ANSWER',
  'WECHAT_QUOTA',
  'WECHAT_MISCONFIGURED',
  'WECHAT_UNEXPECTED',
] as const satisfies readonly ErrorCode[]

/** Whom the rules of an app do not let in. */
export const memberErrors = ['MEMBER_UNKNOWN', 'MEMBER_BANNED'] as const satisfies readonly ErrorCode[]

/** Errors of a call that exchanges a phone code. */
export const phoneErrors = [
  'LOGIN_CODE_AS_PHONE_CODE',
  'PHONE_CODE_INVALID',
  'PHONE_CODE_LOST',
  'PHONE_APP_MISMATCH',
  'PHONE_COUNTRY_NOT_ALLOWED',
  'PHONE_VERIFICATION_REQUIRED',
  'IDENTITY_CONFLICT',
] as const satisfies readonly ErrorCode[]

/** Documents each error a call may answer, grouped by status as OpenAPI wants them, with an example each. */
export function problemAnswers(...codes: ErrorCode[]) {
  const byStatus = groupByStatus(codes)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.flatMap(bothTexts).join('\n\n'),
        content: {
          'application/problem+json': {
            schema: schemas.problem.extend({ code: z.enum(group as [ErrorCode, ...ErrorCode[]]) }),
            examples: Object.fromEntries(group.map((code) => [code, { value: exampleProblem(code) }])),
          },
        },
      },
    ]),
  )
}

const bothTexts = (code: ErrorCode) => {
  const { title, text } = errorTable[code]
  return [`\`${code}\` ${text.zh}`, `\`${code}\` ${title}.`]
}

function groupByStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const groups = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const { status } = errorTable[code]
    groups.set(status, [...(groups.get(status) ?? []), code])
  }
  return groups
}

function exampleProblem(code: ErrorCode) {
  const { title, status, action, text } = errorTable[code]
  const requestId = '0198f3b2-6f0a-7c3e-9a51-3d2c1b0a9f8e'
  return { type: problemType(code), title, status, detail: text.zh, code, action, texts: text, requestId }
}
