import { z } from 'zod'
import { instant } from '../values.ts'
import { adminRole, apiKeyScope, pageOf, pageQuery, textPair } from './values.ts'

export const adminUsername = z
  .string()
  .trim()
  .min(2)
  .max(64)
  .regex(/^[\p{L}\p{N}._@-]+$/u)

/** Long rather than odd: no rules about kinds of characters. */
export const adminPassword = z.string().min(10).max(200)

export const adminView = z.object({
  id: z.string(),
  username: z.string(),
  role: adminRole,
  hasTotp: z.boolean(),
  isDisabled: z.boolean(),
  createdAt: instant,
  seenAt: instant.nullable(),
})
export type AdminView = z.infer<typeof adminView>

/** Who is signed in. `csrf` goes into `X-Haoma-CSRF` of every call that changes something. */
export const adminSessionResponse = z.object({
  admin: adminView,
  csrf: z.string(),
  idleInS: z.int().describe('The session ends when it is not used for so long.'),
  endsAt: instant.describe('The session ends then, however much it is used.'),
})
export type AdminSessionResponse = z.infer<typeof adminSessionResponse>

export const adminSignInRequest = z.object({
  username: z.string().trim().min(1).max(64),
  password: z.string().min(1).max(200),
  totp: z.string().trim().max(32).optional().describe('Six digits, or a recovery code.'),
})

export const linkPurpose = z.enum(['first-owner', 'invite', 'reset', 'sign-in'])
export type LinkPurpose = z.infer<typeof linkPurpose>

export const linkRequest = z.object({ token: z.string().min(16).max(200) })
/** What a one-time link is for, before it is used. */
export const linkResponse = z.object({
  purpose: linkPurpose,
  role: adminRole,
  username: z.string().nullable().describe('Whose password is set anew, for `reset`.'),
  expiresInS: z.int(),
})
export type LinkResponse = z.infer<typeof linkResponse>

/** Uses a link up. `sign-in` needs the token alone, `reset` a password, the others a name too. Answers a session. */
export const claimLinkRequest = linkRequest.extend({
  username: adminUsername.optional(),
  password: adminPassword.optional(),
})

export const adminSessionView = z.object({
  id: z.string(),
  isCurrent: z.boolean(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: instant,
  seenAt: instant,
  endsAt: instant,
})
export const adminSessionsResponse = z.object({ sessions: z.array(adminSessionView) })
export type AdminSessionsResponse = z.infer<typeof adminSessionsResponse>

export const changePasswordRequest = z.object({
  password: z.string().min(1).max(200).describe('The present one.'),
  newPassword: adminPassword,
})

/** The secret of an authenticator app; it counts once a code of it was confirmed. */
export const totpSetupResponse = z.object({
  uri: z.string().describe('`otpauth://…`, for a QR code.'),
  secret: z.string().describe('Base32, for typing.'),
})
export const totpConfirmRequest = z.object({ code: z.string().trim().min(6).max(8) })
export const recoveryCodesResponse = z.object({
  recoveryCodes: z.array(z.string()).describe('Each signs in once; shown this once.'),
})
export const totpRemoveRequest = z.object({ password: z.string().min(1).max(200) })

export const adminsResponse = z.object({ admins: z.array(adminView) })
export const inviteRequest = z.object({ role: adminRole })
/** A link is shown once. */
export const inviteResponse = z.object({
  path: z.string().describe('`/console/#/link/…`.'),
  expiresInS: z.int(),
})
export const changeAdminRequest = z.object({
  role: adminRole.optional(),
  isDisabled: z.boolean().optional(),
})

export const apiKeyView = z.object({
  id: z.string(),
  name: z.string(),
  hint: z.string().describe('Its first characters after `hk_`.'),
  scopes: z.array(apiKeyScope),
  createdBy: z.string(),
  createdAt: instant,
  seenAt: instant.nullable(),
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
})
export const apiKeysResponse = z.object({ apiKeys: z.array(apiKeyView) })
export type ApiKeyView = z.infer<typeof apiKeyView>
export const createApiKeyRequest = z.object({
  name: z.string().trim().min(1).max(64),
  scopes: z.array(apiKeyScope).min(1),
  expiresInS: z.int().min(60).max(315_360_000).optional().describe('Default is never.'),
})
export const createApiKeyResponse = z.object({
  apiKey: apiKeyView,
  secret: z.string().describe('`hk_…`; shown this once.'),
})

export const auditQuery = pageQuery.extend({
  actorId: z.string().max(64).optional(),
  action: z.string().max(64).optional().describe('`member.erase`, or `member.` for all of a kind.'),
  targetKind: z.string().max(32).optional(),
  targetId: z.string().max(128).optional(),
  from: instant.optional(),
  to: instant.optional(),
})
export const auditEntry = z.object({
  id: z.string(),
  at: instant,
  actorKind: z.enum(['admin', 'api-key', 'client', 'cli', 'system']),
  actorId: z.string(),
  actorName: z.string().nullable(),
  action: z.string(),
  targetKind: z.string().nullable(),
  targetId: z.string().nullable(),
  reason: z.string().nullable(),
  details: z.record(z.string(), z.unknown()).nullable(),
  ip: z.string().nullable(),
  requestId: z.string().nullable(),
})
export type AuditView = z.infer<typeof auditEntry>
export const auditPage = pageOf(auditEntry)

/** A filter of a page, kept by the service because it may hold a number: an address holds its id only. */
export const savedFilter = z.object({
  id: z.string(),
  page: z.string(),
  name: z.string().nullable(),
  filter: z.record(z.string(), z.unknown()),
  createdAt: instant,
})
export const savedFiltersQuery = z.object({ page: z.string().max(32).optional() })
export const savedFiltersResponse = z.object({ filters: z.array(savedFilter) })
export const saveFilterRequest = z.object({
  page: z.string().min(1).max(32),
  name: z.string().trim().min(1).max(64).optional().describe('Without a name it is kept for a day only.'),
  filter: z.record(z.string(), z.unknown()),
})

/** What the service runs with. Never a secret: those say only whether they are set. */
export const settingsResponse = z.object({
  version: z.string(),
  settings: z.array(
    z.object({
      name: z.string().describe('Name of the environment variable.'),
      value: z.string().nullable().describe('As it works; null when unset, and for secrets.'),
      isSecret: z.boolean(),
      isSet: z.boolean(),
      text: textPair,
    }),
  ),
  database: z.object({ kind: z.enum(['sqlite', 'postgres']), version: z.string(), schema: z.string() }),
  wechat: z.object({
    hosts: z.array(z.string()),
    isSimulator: z.boolean(),
  }),
})
export type SettingsResponse = z.infer<typeof settingsResponse>
