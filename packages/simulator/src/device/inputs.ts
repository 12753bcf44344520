import { z } from 'zod'
import { platforms } from '../model/phone-events.ts'
import { userInfoCalls } from '../model/user-info.ts'

const appidSchema = z.string().min(1).max(64)
export const userSchema = z.string().trim().min(1).max(64)
export const componentSchema = z.enum(['quick', 'realtime'])
export const numberSchema = z.union([
  z.string().min(1).max(32),
  z.strictObject({ countryCallingCode: z.string(), nationalNumber: z.string() }),
])
const who = { appid: appidSchema, user: userSchema }
const tap = {
  ...who,
  component: componentSchema,
  agreePrivacy: z.boolean().optional(),
  noQuotaToast: z.boolean().optional(),
  platform: z.enum(platforms).optional(),
  baseLibrary: z
    .string()
    .regex(/^\d+(\.\d+){1,2}$/)
    .optional(),
}
const answer = {
  answer: z.enum(['allow', 'deny']),
  numberId: z.string().optional(),
  number: numberSchema.optional(),
  save: z.boolean().optional(),
}
const sheetId = z.string().min(1)

/**
 * What the device calls take, over HTTP and in the same process. A tap says exactly what it is; the other calls may
 * carry more than they need.
 */
export const inputs = {
  who: z.object(who),
  userInfo: z.object({ ...who, call: z.enum(userInfoCalls).default('getUserProfile') }),
  privacy: z.object({ ...who, event: z.enum(['agree', 'disagree', 'query', 'forget']) }),
  phone: z.strictObject({ ...tap, ...answer }),
  open: z.strictObject(tap),
  sms: z.object({ sheetId, numberId: answer.numberId, number: answer.number }),
  answer: z.object({ sheetId, ...answer, smsCode: z.string().optional() }),
  abandon: z.object({ sheetId }),
}
