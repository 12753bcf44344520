import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { componentSchema, numberSchema, userSchema } from '../device/inputs.ts'
import { faultKinds } from '../model/faults.ts'
import { phoneEndingKeys } from '../model/phone-endings.ts'

const newAppid = z.string().regex(/^wx[0-9a-f]{16}$/, 'an appid is wx and 16 hex digits')
const appid = z.string().min(1)
const count = z.int().min(1).max(10_000_000)
const atMs = z.number().min(0).max(8.64e15)
const quota = z.strictObject({ daily: z.int().min(0).optional(), perMinute: z.int().min(0).optional() })
const trialSize = z.int().min(0).max(10_000_000).optional()

/** What the control calls take, over HTTP and in the same process. A field that nobody reads is an error, not a wish. */
export const inputs = {
  nothing: z.strictObject({}),
  reset: z.strictObject({ seed: z.string().min(1).optional() }),
  clock: z.union([
    z.strictObject({ advanceMs: z.number() }),
    z.strictObject({ nowMs: z.number() }),
    z.strictObject({ frozen: z.boolean() }),
  ]),
  switches: z.record(z.string(), z.string()),
  fault: z.strictObject({
    kind: z.enum(faultKinds),
    path: z.string().startsWith('/').optional(),
    unplayed: z.boolean().optional(),
    appid: appid.optional(),
    count: count.optional(),
    share: z.number().min(0).max(1).optional(),
    latencyMs: z.number().min(0).max(600_000).optional(),
    errcode: z.int().optional(),
    status: z.int().min(200).max(599).optional(),
    spend: z.boolean().optional(),
    skewMs: z.number().min(-3.2e12).max(3.2e12).optional(),
  }),
  faultId: z.strictObject({ id: z.string().min(1).optional() }),
  user: z.strictObject({
    name: userSchema,
    numbers: z.array(numberSchema).max(20).optional(),
    blocked: z.boolean().optional(),
  }),
  userName: z.strictObject({ name: z.string().min(1) }),
  app: z.strictObject({
    appid: newAppid,
    appSecret: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'an AppSecret is 32 hex digits')
      .optional(),
    name: z.string().min(1).max(60).optional(),
    accountType: z.enum(['mini-program', 'official-account']).optional(),
    personal: z.boolean().optional(),
    verified: z.boolean().optional(),
    openPlatform: z.string().min(1).nullable().optional(),
    secretFrozen: z.boolean().optional(),
    state: z.enum(['normal', 'token-forbidden', 'frozen']).optional(),
    ipWhitelist: z.array(z.string()).max(10).nullable().optional(),
    ipApproval: z.enum(['none', 'awaiting', 'rejected', 'rejected-twice']).optional(),
    privacyDeclared: z.boolean().optional(),
    freeOfCharge: z.boolean().optional(),
    cloudDevelopment: z.boolean().optional(),
    quotas: z.record(z.string(), quota).optional(),
    trial: z.strictObject({ quick: trialSize, realtime: trialSize }).optional(),
  }),
  appid: z.strictObject({ appid }),
  maybeAppid: z.strictObject({ appid: appid.optional() }),
  pack: z.strictObject({
    appid,
    component: componentSchema,
    size: count,
    startsAtMs: atMs.optional(),
    endsAtMs: atMs.nullable().optional(),
  }),
  privacy: z.strictObject({ appid, user: userSchema, agreed: z.boolean() }),
  nextEvent: z.strictObject({
    appid: appid.optional(),
    user: userSchema.optional(),
    ending: z.enum(['deny', ...phoneEndingKeys]).optional(),
    errMsg: z.string().min(1).max(300).optional(),
    errno: z.int().optional(),
    count: count.optional(),
  }),
  denyNext: z.strictObject({
    appid: appid.optional(),
    user: userSchema.optional(),
    count: count.optional(),
  }),
  replaceToken: z.strictObject({
    appid,
    kind: z.enum(['stable', 'legacy']).optional(),
    strict: z.boolean().optional(),
  }),
  expireSession: z.strictObject({ appid, user: userSchema }),
  security: z.strictObject({
    appid,
    symmetricKey: z
      .base64()
      .refine(
        (key) => key === '' || Buffer.from(key, 'base64').length === 32,
        'a symmetric key is 32 bytes in base64, or empty for none',
      )
      .optional(),
    symmetricSerial: z.string().min(1).optional(),
    appPublicKey: z
      .string()
      .refine(isPublicKey, 'a public key is PEM (SPKI, RSA), or empty for none')
      .optional(),
    appKeySerial: z.string().min(1).optional(),
  }),
  rollKey: z.strictObject({ appid, finish: z.boolean().optional() }),
  logQuery: z.strictObject({
    since: z.coerce.number().int().min(0).optional(),
    limit: z.coerce.number().int().min(1).max(10_000).default(200),
  }),
  log: z.strictObject({ on: z.boolean() }),
  outage: z.strictObject({ durationMs: z.number().min(1).max(600_000) }),
}

function isPublicKey(pem: string): boolean {
  if (pem === '') return true
  try {
    return createPublicKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
