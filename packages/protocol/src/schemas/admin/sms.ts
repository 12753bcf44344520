import { z } from 'zod'
import { e164, instant } from '../values.ts'
import { day, pageBody, pageOf } from './values.ts'

export const smsState = z.enum(['claimed', 'sent', 'unknown', 'failed', 'used', 'burnt', 'expired'])

export const smsSummaryResponse = z.object({
  provider: z
    .string()
    .nullable()
    .describe(
      '`tencent`, `aliyun`, `console`, or the name of a provider of your own. Null: there is no SMS way in.',
    ),
  budgetPerDay: z.int().nullable(),
  sentToday: z.int(),
  days: z
    .array(z.object({ day, sent: z.int(), used: z.int(), failed: z.int(), unknown: z.int() }))
    .describe('The last 7, in Shanghai; `used` are among `sent`.'),
  errors: z.array(z.object({ error: z.string(), entries: z.int() })),
})
export type SmsSummaryResponse = z.infer<typeof smsSummaryResponse>

export const smsSearchRequest = pageBody.extend({
  masked: z.string().trim().max(32).optional(),
  e164: e164.optional(),
  appid: z.string().max(64).optional(),
  state: smsState.optional(),
})
export type SmsSearchRequest = z.infer<typeof smsSearchRequest>
export const smsRequestView = z.object({
  id: z.string(),
  appid: z.string(),
  masked: z.string().nullable(),
  state: smsState,
  tries: z.int(),
  provider: z.string(),
  providerRef: z.string().nullable(),
  providerError: z.string().nullable(),
  createdAt: instant,
  sentAt: instant.nullable(),
  expiresAt: instant,
  usedAt: instant.nullable(),
})
export type SmsRequestView = z.infer<typeof smsRequestView>
export const smsPage = pageOf(smsRequestView)
