import { z } from 'zod'
import { memberState } from '../members.ts'
import { e164, instant } from '../values.ts'
import { adminReason, pageBody, pageOf } from './values.ts'

export const memberSearchRequest = pageBody.extend({
  id: z.string().trim().max(64).optional(),
  openid: z.string().trim().max(128).optional(),
  unionid: z.string().trim().max(128).optional(),
  masked: z.string().trim().max(32).optional(),
  e164: e164.optional(),
  state: memberState.optional(),
})
export type MemberSearchRequest = z.input<typeof memberSearchRequest>

export const memberEntry = z.object({
  id: z.string(),
  state: memberState,
  masked: z.string().nullable(),
  openids: z.int().describe('How many apps know the member.'),
  createdAt: instant,
  changedAt: instant,
  seenAt: instant.nullable(),
})
export type MemberEntry = z.infer<typeof memberEntry>
export const adminMembersPage = pageOf(memberEntry)

export const memberDetail = z.object({
  id: z.string(),
  state: memberState,
  mergedInto: z.string().nullable(),
  createdAt: instant,
  changedAt: instant,
  phone: z
    .object({
      masked: z.string().nullable(),
      country: z.string().nullable(),
      verifiedBy: z.string().nullable(),
      verifiedAt: instant,
    })
    .nullable(),
  identities: z.array(
    z.object({
      provider: z.enum(['wechat-openid', 'wechat-unionid']),
      scope: z.string(),
      subject: z.string(),
      createdAt: instant,
    }),
  ),
  bindings: z
    .array(
      z.object({
        masked: z.string().nullable(),
        verifiedBy: z.string(),
        appid: z.string().nullable(),
        guideline: z.string().nullable(),
        boundAt: instant,
        verifiedAt: instant,
        unboundAt: instant.nullable(),
        unboundReason: z.string().nullable(),
      }),
    )
    .describe('Every number the member consented to, newest first.'),
  sessions: z.array(
    z.object({
      id: z.string(),
      appid: z.string(),
      way: z.string(),
      deviceName: z.string().nullable(),
      platform: z.string().nullable(),
      createdAt: instant,
      seenAt: instant,
      expiresAt: instant,
      endedAt: instant.nullable(),
      endReason: z.string().nullable(),
    }),
  ),
  merges: z.array(
    z.object({
      id: z.string(),
      fromMember: z.string(),
      intoMember: z.string(),
      reason: z.string(),
      actor: z.string(),
      mergedAt: instant,
      undoUntil: instant,
      undoneAt: instant.nullable(),
    }),
  ),
  events: z.array(z.object({ id: z.string(), type: z.string(), seq: z.int().nullable(), at: instant })),
})
export type MemberDetail = z.infer<typeof memberDetail>

export const reasonRequest = z.object({ reason: adminReason })
export const revealResponse = z.object({ e164, nationalNumber: z.string(), countryCallingCode: z.string() })

export const mergePreviewRequest = z.object({
  fromMember: z.string().max(64),
  intoMember: z.string().max(64),
})
export const mergePreviewResponse = z.object({
  isPossible: z.boolean(),
  problem: z.object({ zh: z.string(), en: z.string() }).nullable(),
  moves: z.object({
    identities: z.int(),
    phone: z.boolean().describe('Whether the number comes along.'),
    sessions: z.int(),
  }),
  stays: z
    .object({ masked: z.string().nullable() })
    .describe('The number that the one who stays has afterwards.'),
})
export const adminMergeRequest = mergePreviewRequest.extend({ reason: adminReason })
export const adminMergeResponse = z.object({ mergeId: z.string(), undoUntil: instant })
