import { z } from 'zod'
import { instant } from '../values.ts'
import { pageOf, pageQuery, textPair } from './values.ts'

export const alertKind = z.enum([
  'balance-low',
  'run-out-near',
  'waste-high',
  'budget-reached',
  'reconciliation-off',
  'sms-budget-reached',
  'token-failing',
  'failures-high',
  'codes-refused',
  'button-blocked',
  'refusals-high',
  'wechat-slow',
  'webhook-disabled',
  'job-failing',
  'number-unreadable',
  'clock-off',
])
export type AlertKind = z.infer<typeof alertKind>

export const quietHours = z.object({
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
})

export const alertRule = z.object({
  id: z.string(),
  name: z.string(),
  kind: alertKind,
  settings: z
    .object({
      threshold: z.number().optional().describe('In the unit of the kind.'),
      windowS: z.int().min(60).max(2_592_000).optional(),
      appids: z.array(z.string()).optional(),
      components: z.array(z.enum(['quick', 'realtime'])).optional(),
      minEntries: z.int().min(0).optional(),
    })
    .describe('What is left out is as the default of the kind.'),
  channelIds: z.array(z.string()).describe('Who is told; none is everybody.'),
  quietHours: quietHours.nullable().describe('Asia/Shanghai; what is due then waits until their end.'),
  isEnabled: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
})
export type AlertRule = z.infer<typeof alertRule>
export const alertRulesResponse = z.object({
  rules: z.array(alertRule),
  kinds: z.array(
    z.object({
      kind: alertKind,
      text: textPair,
      unit: textPair,
      threshold: z.number(),
      windowS: z.int().nullable(),
    }),
  ),
})
export const saveAlertRuleRequest = alertRule
  .omit({ id: true, createdAt: true, updatedAt: true })
  .partial({ quietHours: true, isEnabled: true, settings: true, channelIds: true })
export const changeAlertRuleRequest = saveAlertRuleRequest.partial()

export const channelKind = z.enum(['webhook', 'wecom', 'dingtalk', 'feishu'])
export const alertChannel = z.object({
  id: z.string(),
  name: z.string(),
  kind: channelKind,
  hint: z.string().describe('Host of the address, and its last characters.'),
  isEnabled: z.boolean(),
  createdAt: instant,
  sentAt: instant.nullable(),
  lastError: z.string().nullable(),
})
export type AlertChannel = z.infer<typeof alertChannel>
export const alertChannelsResponse = z.object({ channels: z.array(alertChannel) })
export const saveChannelRequest = z.object({
  name: z.string().trim().min(1).max(64),
  kind: channelKind,
  url: z.url().max(1000).describe('Write-only: it holds the key of a robot.'),
  secret: z
    .string()
    .max(200)
    .optional()
    .describe('Write-only; the signing secret of DingTalk, Feishu, webhook.'),
  language: z.enum(['zh', 'en']).optional().describe('Default is `zh`.'),
  isEnabled: z.boolean().optional(),
})
export const changeChannelRequest = saveChannelRequest.omit({ kind: true }).partial()
export const channelTestResponse = z.object({
  isDelivered: z.boolean(),
  status: z.int().nullable(),
  text: textPair,
})

export const alertView = z.object({
  id: z.string(),
  ruleId: z.string(),
  ruleName: z.string(),
  kind: alertKind,
  cause: z.string(),
  state: z.enum(['open', 'closed']),
  appid: z.string().nullable(),
  text: textPair,
  whatToDo: textPair,
  openedAt: instant,
  closedAt: instant.nullable(),
  notifiedAt: instant.nullable(),
})
export type AlertView = z.infer<typeof alertView>
export const alertsQuery = pageQuery.extend({ state: z.enum(['open', 'closed']).optional() })
export const alertsPage = pageOf(alertView)
