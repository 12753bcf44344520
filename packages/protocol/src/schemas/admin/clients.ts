import { z } from 'zod'
import { instant } from '../values.ts'

export const clientScope = z.enum(['exchange', 'phone:read', 'member:read', 'token', 'gateway', 'introspect'])

export const clientLimits = z.object({
  perMinute: z.int().min(1).max(1_000_000).optional().describe('Default is not limited.'),
})

export const clientView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(clientScope),
  appids: z.array(z.string()).nullable().describe('Null is all apps.'),
  ips: z.array(z.string()).nullable().describe('Null is anywhere.'),
  limits: clientLimits.nullable(),
  gatewayPaths: z.array(z.string()),
  tokenMarginS: z.int().describe('Seconds that its SDK takes off the life of a token; added for it.'),
  secrets: z.array(
    z.object({
      hint: z.string(),
      createdAt: instant,
      expiresAt: instant.nullable(),
      revokedAt: instant.nullable(),
    }),
  ),
  createdAt: instant,
  seenAt: instant.nullable(),
  revokedAt: instant.nullable(),
})
export type ClientView = z.infer<typeof clientView>
export const clientsResponse = z.object({ clients: z.array(clientView) })
export const createClientRequest = z.object({
  name: z.string().trim().min(1).max(64),
  scopes: z.array(clientScope).min(1),
  appids: z.array(z.string().max(64)).min(1).nullable().optional().describe('Null, the default, is all.'),
  ips: z.array(z.string().max(64)).min(1).nullable().optional().describe('Null, the default, is anywhere.'),
  limits: clientLimits.nullable().optional(),
  gatewayPaths: z.array(z.string().max(200)).optional(),
  tokenMarginS: z.int().min(0).max(3600).optional().describe('Default is 0.'),
})
export const changeClientRequest = createClientRequest.partial()
/** Shown once. */
export const clientCredentials = z.object({ clientId: z.string(), clientSecret: z.string() })
export const rotateClientRequest = z.object({
  overlapS: z.int().min(0).max(2_592_000).optional().describe('Life of the former secret. Default is a day.'),
})
