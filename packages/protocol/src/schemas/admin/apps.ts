import { z } from 'zod'
import { appid, instant } from '../values.ts'
import { paidComponent, textPair } from './values.ts'

export const appKind = z.enum(['mp-weixin', 'h5', 'app'])
export type AppKind = z.infer<typeof appKind>

/** What holds for one app; what is left out is as the service's default. */
export const appSettings = z.object({
  openPlatform: z.string().trim().min(1).max(64).optional(),
  knownMembersOnly: z.boolean().optional(),
  countries: z.array(z.string().regex(/^[A-Z]{2}$/)).optional(),
  rejoinAfterDays: z.int().min(1).max(3650).optional(),
  session: z
    .object({
      accessTtlS: z.int().min(60).max(86_400).optional(),
      idleTtlS: z.int().min(300).max(315_360_000).optional(),
      absoluteTtlS: z.int().min(300).max(315_360_000).optional(),
      rotationGraceS: z.int().min(0).max(604_800).optional(),
      maxSessions: z.int().min(1).max(1000).optional(),
    })
    .optional(),
  budgets: z
    .object({
      quick: z.object({ dayLi: z.int().min(0).optional(), monthLi: z.int().min(0).optional() }).optional(),
      realtime: z.object({ dayLi: z.int().min(0).optional(), monthLi: z.int().min(0).optional() }).optional(),
    })
    .optional()
    .describe('A budget that is used up hides the paid button; it never refuses a code that was paid for.'),
})
export type AppSettings = z.infer<typeof appSettings>

export const appView = z.object({
  appid,
  kind: appKind,
  name: z.string(),
  source: z.enum(['environment', 'database', 'both']).describe('Where it comes from; the environment wins.'),
  hasSecret: z.boolean(),
  secretFrom: z
    .enum(['environment', 'database'])
    .nullable()
    .describe('Where the secret in use comes from; one of the environment cannot be changed here.'),
  hasApiSecurity: z.boolean(),
  isEnabled: z.boolean(),
  settings: appSettings,
  budgetUse: z.array(
    z.object({
      component: paidComponent,
      dayLi: z.int(),
      monthLi: z.int(),
      isReached: z.boolean(),
    }),
  ),
  createdAt: instant.nullable().describe('Null for apps of the environment.'),
  updatedAt: instant.nullable(),
})
export type AppView = z.infer<typeof appView>
export const appsResponse = z.object({ apps: z.array(appView) })

const apiSecurityKeys = z.object({
  symmetricKey: z.string().min(1).max(200),
  symmetricKeySn: z.string().min(1).max(100),
  privateKey: z.string().min(1).max(8000).describe('PEM.'),
  publicKeySn: z.string().min(1).max(100),
  platformCertificate: z.string().min(1).max(8000).describe("PEM of WeChat's certificate."),
  platformCertificateSn: z.string().min(1).max(100),
})

export const addAppRequest = z.object({
  appid,
  kind: appKind.optional().describe('Default is `mp-weixin`.'),
  name: z.string().trim().min(1).max(64),
  appSecret: z.string().trim().min(1).max(128).optional().describe('Write-only. Needed for `mp-weixin`.'),
  apiSecurity: apiSecurityKeys.optional(),
  settings: appSettings.optional(),
})
export type AddAppRequest = z.infer<typeof addAppRequest>
export const changeAppRequest = z.object({
  name: z.string().trim().min(1).max(64).optional(),
  appSecret: z.string().trim().min(1).max(128).optional().describe('Write-only.'),
  apiSecurity: apiSecurityKeys.nullable().optional().describe('Write-only; null takes it away.'),
  settings: appSettings.optional().describe('Replaces all settings.'),
  isEnabled: z.boolean().optional(),
})

/** One thing that was looked at, and what to do when it is not well. */
export const checkItem = z.object({
  name: z.enum(['secret', 'ip', 'permission', 'clock', 'balance', 'api-security']),
  state: z.enum(['ok', 'warning', 'failed', 'unknown']),
  errcode: z.int().nullable(),
  rid: z.string().nullable(),
  seenIp: z.string().nullable().describe('The address of ours that WeChat saw, when it told.'),
  text: textPair,
})
export const appCheckResponse = z.object({ appid, at: instant, isOk: z.boolean(), items: z.array(checkItem) })
export type AppCheckResponse = z.infer<typeof appCheckResponse>

export const appWithCheckResponse = z.object({ app: appView, check: appCheckResponse.nullable() })

/** The access token of an app, never the token itself. */
export const appTokenResponse = z.object({
  appid,
  state: z.enum(['warm', 'stale', 'failing', 'none']),
  fetchedAt: instant.nullable(),
  expiresInS: z.int().nullable(),
  refreshesInS: z.int().nullable(),
  lastError: z
    .object({ errcode: z.int().nullable(), at: instant.nullable(), text: textPair })
    .nullable()
    .describe('Why there is no fresher token.'),
  forcedToday: z.int().describe('Forced refreshes of today; WeChat allows 20.'),
  forceAllowedInS: z.int().describe('0: now.'),
  history: z.array(
    z.object({
      at: instant,
      event: z
        .enum(['fetched', 'replaced', 'forced', 'failed'])
        .describe('`replaced`: somebody else fetched a token, so that ours was about to die.'),
      expiresInS: z.int().nullable(),
      errcode: z.int().nullable(),
      rid: z.string().nullable(),
      actor: z.string().nullable().describe('Who forced it.'),
    }),
  ),
})
export type AppTokenResponse = z.infer<typeof appTokenResponse>
/** The name of the app as typed by hand: a forced refresh ends the token of everybody who does not ask us. */
export const forceRefreshRequest = z.object({
  confirmAppid: appid,
  reason: z.string().trim().min(1).max(200),
})
