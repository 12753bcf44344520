import { z } from 'zod'
import { memberView } from './members.ts'
import { sessionView } from './sessions.ts'
import { appid, clientFacts, phoneComponent, wechatCode } from './values.ts'

export const loginRequest = z.object({
  appid: appid.describe('AppID of the mini program that runs the login.'),
  loginCode: wechatCode.describe('`code` from `wx.login`. Single-use, lives 5 minutes.'),
  phoneCode: wechatCode
    .optional()
    .describe('`code` from the phone button. Single-use, lives 5 minutes from the tap, already paid for.'),
  component: phoneComponent.optional().describe('Component that gave `phoneCode`. Default is `quick`.'),
  client: clientFacts.optional(),
})
export type LoginRequest = z.input<typeof loginRequest>

/** Which paid components may be shown now: a budget hides one, and a known number needs none. */
export const componentsView = z.object({ quick: z.boolean(), realtime: z.boolean() })

export const loginResponse = z.object({
  member: memberView,
  session: sessionView,
  isNew: z.boolean().describe('Whether this login made the member.'),
  components: componentsView.optional().describe('Which paid buttons may be shown to this member now.'),
})
export type LoginResponse = z.infer<typeof loginResponse>

export const phoneRequest = z.object({
  phoneCode: wechatCode.describe('`code` from the phone button.'),
  component: phoneComponent.optional().describe('Component that gave `phoneCode`. Default is `quick`.'),
  client: clientFacts.optional(),
})
export type PhoneRequest = z.input<typeof phoneRequest>

export const phoneResponse = z.object({
  member: memberView,
  session: sessionView
    .optional()
    .describe(
      'Present when the number belonged to an existing member, whom the caller now is: replace the stored tokens.',
    ),
})
export type PhoneResponse = z.infer<typeof phoneResponse>

export const mergeRequest = z.object({
  ticket: z.string().min(16).max(256).describe('From the answer `IDENTITY_CONFLICT`.'),
  otherAccessToken: z
    .string()
    .max(4096)
    .optional()
    .describe("Access token of the other account's living session, as its proof."),
})
export type MergeRequest = z.input<typeof mergeRequest>

/** What `IDENTITY_CONFLICT` carries besides its text. */
export const mergeOffer = z.object({
  ticket: z.string().describe('For `POST /v1/identity/merge`. Single-use, of this session and device.'),
  expiresInS: z.int(),
  masked: z.string().nullable().describe('The number, for people.'),
})
export type MergeOffer = z.infer<typeof mergeOffer>
