import { z } from 'zod'
import { appid, e164, instant } from './values.ts'

/** What a client may know of a member's number: never the number itself. */
export const phoneView = z.object({
  bound: z.boolean().describe('Whether a number is known. When true, do not show a paid button.'),
  masked: z
    .string()
    .nullable()
    .describe(
      'For people, e.g. `138****8000` or `+852 6*****21`. Null when unbound, or when it cannot be opened.',
    ),
  verifiedAt: instant.nullable().describe('When the number was last vouched for.'),
})
export type PhoneView = z.infer<typeof phoneView>

export const memberView = z.object({ id: z.string(), phone: phoneView })
export type MemberView = z.infer<typeof memberView>

export const meResponse = z.object({ member: memberView })
export type MeResponse = z.infer<typeof meResponse>

export const memberState = z.enum(['active', 'banned', 'merged', 'erased'])

/** A number as back ends with `phone:read` get it; the others get `e164: null`. */
export const memberPhone = z.object({
  e164: e164.nullable(),
  nationalNumber: z.string().nullable(),
  countryCallingCode: z.string().nullable(),
  masked: z.string().nullable(),
  verifiedAt: instant,
  verifiedBy: z.enum(['quick', 'realtime', 'sms', 'import']).nullable(),
})

/** A member as back ends get it. */
export const memberRecord = z.object({
  id: z.string(),
  state: memberState,
  mergedInto: z.string().nullable().describe('Who this member is now, when `state` is `merged`.'),
  createdAt: instant,
  changedAt: instant,
  identities: z.array(
    z.object({
      provider: z.enum(['wechat-openid', 'wechat-unionid']),
      scope: z.string(),
      subject: z.string(),
    }),
  ),
  phone: memberPhone.nullable(),
})
export type MemberRecord = z.infer<typeof memberRecord>

export const memberReason = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('Why the full number is read; audited.')

export const memberLookupRequest = z
  .object({
    appid: appid.optional(),
    openid: z.string().max(128).optional(),
    unionid: z.string().max(128).optional(),
    e164: e164.optional(),
    reason: memberReason.optional(),
  })
  .refine((body) => [body.openid, body.unionid, body.e164].filter(Boolean).length === 1, {
    error: '应恰好给出 openid、unionid、e164 之一 / give exactly one of openid, unionid and e164',
  })
  .refine((body) => !body.openid || body.appid, {
    error: 'openid 需要同时给出 appid / openid needs its appid',
    path: ['appid'],
  })

export const membersByIdRequest = z.object({
  ids: z.array(z.string().max(64)).min(1).max(200),
  reason: memberReason.optional(),
})

/** A page of members. `nextCursor` is always there: with nothing new it is where the next reading begins. */
export const membersPage = z.object({
  members: z.array(memberRecord),
  nextCursor: z.string(),
  hasMore: z.boolean(),
})

export const introspectRequest = z.object({ token: z.string().min(1).max(4096) })

/** @see https://www.rfc-editor.org/rfc/rfc7662 */
export const introspectResponse = z.union([
  z.object({ active: z.literal(false) }),
  z.object({
    active: z.literal(true),
    sub: z.string(),
    sid: z.string(),
    aud: z.string(),
    iss: z.string(),
    exp: z.int(),
    iat: z.int(),
    client_id: z.string().describe("The app's id."),
    phone_number: z.string().nullable().optional().describe('E.164; with scope `phone:read` only.'),
    phone_number_verified: z.boolean(),
    phone_number_verified_at: instant.nullable(),
  }),
])
