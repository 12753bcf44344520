import { z } from 'zod'
import { appid, clientFacts, e164, instant, phoneComponent, wechatCode } from './values.ts'

export const exchangeRequest = z.object({
  appid,
  phoneCode: wechatCode.describe('`code` from the phone button; may be sent again.'),
  openid: z.string().max(128).optional().describe('Whose code it is; WeChat then checks it.'),
  component: phoneComponent.optional().describe('Default is `quick`.'),
  client: clientFacts.optional(),
})
export type ExchangeRequest = z.input<typeof exchangeRequest>

export const exchangeResponse = z.object({
  e164,
  nationalNumber: z.string().describe("WeChat's `purePhoneNumber`."),
  countryCallingCode: z.string().describe("WeChat's `countryCode`, e.g. `86`."),
  capturedAt: instant.describe("WeChat's watermark: when the user acted."),
  component: phoneComponent,
})
export type ExchangeResponse = z.infer<typeof exchangeResponse>

export const openidRequest = z.object({ appid, loginCode: wechatCode })
export const openidResponse = z.object({ openid: z.string(), unionid: z.string().optional() })

export const accessTokenRequest = z.object({
  failedToken: z.string().max(2048).optional().describe('A token that WeChat refused: a newer one is given.'),
})
export const accessTokenResponse = z.object({ accessToken: z.string(), expiresInS: z.int() })
