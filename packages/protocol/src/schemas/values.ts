import { z } from 'zod'
import { limits } from '../limits.ts'

/** A single-use code of WeChat's. */
export const wechatCode = z.string().trim().min(1).max(limits.codeLength)

export const appid = z.string().trim().min(1).max(64)

/** Which of WeChat's two paid components made a phone code. It decides the price; the exchange is the same. */
export const phoneComponent = z.enum(['quick', 'realtime'])
export type PhoneComponent = z.infer<typeof phoneComponent>

/** A number in the form `+8613800138000`. */
export const e164 = z.string().regex(/^\+[1-9]\d{5,14}$/)

export const instant = z.iso.datetime().describe('ISO 8601, UTC.')

/** What the client tells of itself; all of it optional, none of it trusted. */
export const clientFacts = z.object({
  deviceId: z
    .string()
    .trim()
    .min(8)
    .max(64)
    .describe('Random, kept by the client. A device has one session at a time.')
    .optional(),
  deviceName: z.string().trim().max(64).describe('For the list of devices, e.g. `iPhone 15`.').optional(),
  platform: z
    .string()
    .trim()
    .max(32)
    .describe('`ios`, `android`, `devtools`, `harmony`, `windows`, `mac`, `h5` …')
    .optional(),
  clientVersion: z.string().trim().max(32).describe('Version of the client library.').optional(),
  build: z.enum(['release', 'trial', 'develop']).describe('Which build of the mini program runs.').optional(),
  guideline: z
    .string()
    .trim()
    .max(64)
    .describe('Version of the privacy guideline that was agreed to.')
    .optional(),
})
export type ClientFacts = z.infer<typeof clientFacts>
