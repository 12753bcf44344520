import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { componentSchema, numberSchema, userSchema } from '../device/inputs.ts'
import { faultKinds } from '../model/faults.ts'

const appid = z.string().regex(/^wx[0-9a-f]{16}$/, 'an appid is wx and 16 hex digits')
const count = z.int().min(1).max(10_000_000)
const atMs = z.number().min(0).max(8.64e15)
const quota = z.object({ daily: z.int().min(0).optional(), perMinute: z.int().min(0).optional() })

/** What the control endpoints take. */
export const inputs = {
  reset: z.object({ seed: z.string().optional() }),
  clock: z.union([
    z.strictObject({ advanceMs: z.number().min(-3.2e12).max(3.2e12) }),
    z.strictObject({ nowMs: atMs }),
    z.strictObject({ frozen: z.boolean() }),
  ]),
  switches: z.record(z.string(), z.string()),
  fault: z.strictObject({
    kind: z.enum(faultKinds),
    path: z.string().startsWith('/').optional(),
    appid: z.string().optional(),
    count: count.optional(),
    share: z.number().min(0).max(1).optional(),
    latencyMs: z.number().min(0).max(600_000).optional(),
    errcode: z.int().optional(),
    status: z.int().min(200).max(599).optional(),
    spend: z.boolean().optional(),
    skewMs: z.number().optional(),
  }),
  user: z.object({
    name: userSchema,
    numbers: z.array(numberSchema).max(20).optional(),
    blocked: z.boolean().optional(),
  }),
  app: z.strictObject({
    appid,
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
    quotas: z.record(z.string().startsWith('/'), quota).optional(),
    trial: z.object({ quick: z.int().min(0).optional(), realtime: z.int().min(0).optional() }).optional(),
  }),
  pack: z.object({
    appid: z.string(),
    component: componentSchema,
    size: count,
    startsAtMs: atMs.optional(),
    endsAtMs: atMs.nullable().optional(),
  }),
  privacy: z.object({ appid: z.string(), user: userSchema, agreed: z.boolean() }),
  denyNext: z.object({
    appid: z.string().optional(),
    user: userSchema.optional(),
    count: count.optional(),
  }),
  replaceToken: z.object({
    appid: z.string(),
    kind: z.enum(['stable', 'legacy']).optional(),
    strict: z.boolean().optional(),
  }),
  expireSession: z.object({ appid: z.string(), user: userSchema }),
  security: z.strictObject({
    appid: z.string(),
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
  rollKey: z.object({ appid: z.string(), finish: z.boolean().optional() }),
  logQuery: z.object({
    since: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(10_000).default(200),
  }),
  log: z.object({ on: z.boolean() }),
  outage: z.object({ durationMs: z.number().min(1).max(600_000) }),
}

function isPublicKey(pem: string): boolean {
  if (pem === '') return true
  try {
    return createPublicKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
