import { z } from 'zod'
import { instant } from './values.ts'

export const sessionView = z.object({
  accessToken: z.string().describe('JWT; verify it with `/.well-known/jwks.json`.'),
  expiresInS: z.int().describe('Seconds until `accessToken` expires.'),
  refreshToken: z.string().describe('Opaque; each one works once and gives the next.'),
  refreshExpiresInS: z.int().describe('Seconds until the session ends unless it is refreshed.'),
})
export type SessionView = z.infer<typeof sessionView>

export const refreshRequest = z.object({ refreshToken: z.string().min(1).max(512) })
export type RefreshRequest = z.input<typeof refreshRequest>

/** A session in the list of devices. */
export const sessionSummary = z.object({
  id: z.string(),
  isCurrent: z.boolean(),
  way: z.enum(['wechat', 'sms']),
  appid: z.string(),
  deviceName: z.string().nullable(),
  platform: z.string().nullable(),
  createdAt: instant,
  seenAt: instant,
  expiresAt: instant,
})
export const sessionsResponse = z.object({ sessions: z.array(sessionSummary) })
export type SessionsResponse = z.infer<typeof sessionsResponse>
