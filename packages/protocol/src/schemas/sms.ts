import { z } from 'zod'
import { appid, clientFacts } from './values.ts'

export const smsSendRequest = z.object({
  appid,
  phoneNumber: z.string().trim().min(3).max(32).describe('National number, or E.164.'),
  countryCallingCode: z.string().trim().max(5).optional().describe('Default is `86`.'),
  captcha: z.string().max(4096).optional(),
  client: clientFacts.optional(),
})
export const smsSendResponse = z.object({
  requestId: z.string().describe('Name it in `POST /v1/sms/login`.'),
  expiresInS: z.int(),
  resendInS: z.int(),
  codeLength: z.int(),
  masked: z.string(),
})
export type SmsSendRequest = z.input<typeof smsSendRequest>
export type SmsSendResponse = z.infer<typeof smsSendResponse>

export const smsLoginRequest = z.object({
  requestId: z.string().min(1).max(64),
  code: z.string().trim().min(4).max(10),
  client: clientFacts.optional(),
})
export type SmsLoginRequest = z.input<typeof smsLoginRequest>
