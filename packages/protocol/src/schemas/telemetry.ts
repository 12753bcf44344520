import { z } from 'zod'
import { appid, clientFacts, phoneComponent } from './values.ts'

/** What the button tells, from shown to bound. An ending is `ended:<name>` in the sums. */
export const telemetryEvent = z.object({
  event: z.enum(['shown', 'tapped', 'consented', 'ended', 'sent', 'bound']),
  component: phoneComponent.optional(),
  ending: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .optional()
    .describe('How a tap ended, for `ended`.'),
  agoMs: z.int().min(0).max(604_800_000).describe('How long ago, by the clock of the client.'),
  durationMs: z.int().min(0).max(3_600_000).optional(),
  codeHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('SHA-256 of the phone code as hex, for `consented`: the code itself is a credential.'),
})
export type TelemetryEvent = z.input<typeof telemetryEvent>

export const telemetryRequest = z.object({
  batchId: z.string().min(8).max(64).describe('Random; the same batch may be sent again and counts once.'),
  appid,
  client: clientFacts.optional(),
  events: z.array(telemetryEvent).min(1).max(100),
})
export const telemetryResponse = z.object({
  accepted: z.int().describe('Events counted now; 0 for a batch that was counted before.'),
})
export type TelemetryRequest = z.input<typeof telemetryRequest>
