import { z } from 'zod'
import { e164, instant } from '../values.ts'
import { pageBody, pageOf, textPair } from './values.ts'

/** The way in that a request took. */
export const loginWay = z.enum(['login', 'phone', 'exchange', 'openid', 'sms-send', 'sms-login'])
export type LoginWay = z.infer<typeof loginWay>

/** Everything given must hold. Numbers and codes come in the body, never in an address. */
export const loginSearchRequest = pageBody.extend({
  supportCode: z.string().trim().max(16).optional(),
  requestId: z.string().trim().max(128).optional(),
  rid: z.string().trim().max(64).optional().describe("WeChat's."),
  openid: z.string().trim().max(128).optional(),
  memberId: z.string().trim().max(64).optional(),
  codeHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('SHA-256 of a code of WeChat’s as hex.'),
  masked: z.string().trim().max(32).optional().describe('As it is shown, e.g. `138****8000`.'),
  e164: e164.optional(),
  appid: z.string().max(64).optional(),
  clientId: z.string().max(64).optional(),
  way: loginWay.optional(),
  outcome: z.string().max(64).optional().describe('`ok`, `failed` for all that failed, or an error code.'),
  from: instant.optional(),
  to: instant.optional(),
})
export type LoginSearchRequest = z.input<typeof loginSearchRequest>

/** Which logins are watched as they happen. */
export const liveLoginsQuery = z.object({
  appid: z.string().max(64).optional(),
  way: loginWay.optional(),
  outcome: z.string().max(64).optional().describe('`ok`, `failed`, or an error code.'),
})

export const loginEntry = z.object({
  id: z.string().describe('The request id.'),
  supportCode: z.string(),
  at: instant,
  way: loginWay,
  appid: z.string().nullable(),
  clientId: z.string().nullable(),
  component: z.string().nullable(),
  outcome: z.string().describe('`ok`, or a code of the error table.'),
  errcode: z.int().nullable(),
  rid: z.string().nullable(),
  openid: z.string().nullable(),
  memberId: z.string().nullable(),
  masked: z.string().nullable().describe('Number of the member as it is now, masked.'),
  platform: z.string().nullable(),
  clientVersion: z.string().nullable(),
  wechatMs: z.number().nullable(),
  totalMs: z.number(),
})
export type LoginEntry = z.infer<typeof loginEntry>
export const loginsPage = pageOf(loginEntry)

/** One thing that happened in a login. */
export const loginStep = z.object({
  atMs: z.number().describe('Milliseconds since the request came.'),
  durationMs: z.number().nullable(),
  name: z.string().describe('Such as `intent`, `code2session`, `getuserphonenumber`, `identity`, `session`.'),
  result: z.string(),
  text: textPair,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
})

export const loginDetail = z.object({
  login: loginEntry,
  sessionId: z.string().nullable(),
  deviceId: z.string().nullable(),
  steps: z.array(loginStep),
  explanation: z.object({ whatHappened: textPair, whatToDo: textPair }),
  wechat: z
    .object({ errcode: z.int(), rid: z.string().nullable(), text: textPair })
    .nullable()
    .describe("WeChat's answer, when it refused."),
  ledger: z
    .object({
      state: z.string(),
      reason: z.string().nullable(),
      cause: z.string().nullable(),
      listLi: z.int(),
      chargeLi: z.int(),
      chargedTo: z.string().nullable(),
    })
    .nullable()
    .describe('What became of the paid code.'),
  related: z.array(loginEntry).describe('Other requests with the same code, oldest first.'),
  curl: z.string().describe('The request to try again, with placeholders for codes and secrets.'),
})
export type LoginDetail = z.infer<typeof loginDetail>
