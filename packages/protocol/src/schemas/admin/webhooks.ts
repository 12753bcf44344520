import { z } from 'zod'
import { instant } from '../values.ts'
import { pageOf, pageQuery } from './values.ts'

export const webhookEndpoint = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string(),
  events: z.array(z.string()).describe('Names, `phone.*` for a family, `*` for all.'),
  appids: z.array(z.string()).nullable(),
  withNumber: z.boolean(),
  isEnabled: z.boolean(),
  disabledReason: z.enum(['by-hand', 'failing', 'gone']).nullable(),
  failingSince: instant.nullable(),
  delivered: z.int().describe('Of the last 7 days.'),
  dead: z.int(),
  pending: z.int(),
  createdAt: instant,
  updatedAt: instant,
})
export type WebhookEndpointView = z.infer<typeof webhookEndpoint>
export const webhooksResponse = z.object({
  endpoints: z.array(webhookEndpoint),
  eventTypes: z.array(z.string()),
})
export const createWebhookRequest = z.object({
  url: z.url().max(1000),
  description: z.string().trim().max(200).optional(),
  events: z.array(z.string().max(64)).min(1),
  appids: z.array(z.string().max(64)).min(1).nullable().optional().describe('Null, the default, is all.'),
  withNumber: z.boolean().optional().describe('Default is false.'),
})
export const changeWebhookRequest = createWebhookRequest
  .partial()
  .extend({ isEnabled: z.boolean().optional() })
export const rotateWebhookRequest = z.object({
  overlapS: z.int().min(0).max(2_592_000).optional().describe('Life of the former secret. Default is a day.'),
})
/** Shown once. */
export const webhookSecretResponse = z.object({ id: z.string(), secret: z.string().describe('`whsec_…`.') })

export const deliveriesQuery = pageQuery.extend({
  endpointId: z.string().max(64).optional(),
  state: z.enum(['pending', 'held', 'delivered', 'dead']).optional(),
})
export const webhookDelivery = z.object({
  id: z.string(),
  endpointId: z.string(),
  eventId: z.string(),
  type: z.string(),
  memberId: z.string().nullable(),
  memberSeq: z.int().nullable(),
  state: z.enum(['pending', 'held', 'delivered', 'dead']),
  breaksOrder: z.boolean(),
  attempts: z.int(),
  nextAt: instant.nullable(),
  lastStatus: z.int().nullable(),
  lastError: z.string().nullable(),
  createdAt: instant,
  deliveredAt: instant.nullable(),
})
export type WebhookDeliveryView = z.infer<typeof webhookDelivery>
export const deliveriesPage = pageOf(webhookDelivery)
export const deliveryDetail = z.object({
  delivery: webhookDelivery,
  attempts: z.array(
    z.object({
      at: instant,
      status: z.int().nullable(),
      durationMs: z.number(),
      error: z.string().nullable(),
      response: z.string().nullable(),
    }),
  ),
})
export const tryResponse = z.object({
  isDelivered: z.boolean(),
  status: z.int().nullable(),
  durationMs: z.number(),
  error: z.string().nullable(),
})
export const replayDeadResponse = z.object({ replayed: z.int() })
