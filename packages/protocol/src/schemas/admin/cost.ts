import { z } from 'zod'
import { appid, instant } from '../values.ts'
import { day, li, month, pageBody, pageOf, paidComponent, textPair } from './values.ts'

/** Why a call that was paid for brought nothing. */
export const wasteCause = z.enum(['expired', 'double-tap', 'lost', 'never-sent', 'unreadable'])
export type WasteCause = z.infer<typeof wasteCause>

export const costSumsQuery = z.object({
  from: day,
  to: day.describe('Included.'),
  by: z.enum(['day', 'month']).optional().describe('Default is `day`.'),
  appid: z.string().max(64).optional(),
  component: paidComponent.optional(),
})
export const costSum = z.object({
  start: z.string().describe('Day or month.'),
  appid: z.string(),
  component: paidComponent,
  surface: z.string(),
  state: z.string(),
  cause: wasteCause.nullable(),
  entries: z.int(),
  listLi: li.describe('At list price.'),
  chargeLi: li.describe('After trial and packs.'),
})
export const costSumsResponse = z.object({
  sums: z.array(costSum),
  totals: z.object({ entries: z.int(), listLi: li, chargeLi: li, wasteLi: li }),
})
export type CostSumsResponse = z.infer<typeof costSumsResponse>

export const addPriceRequest = z
  .object({ component: paidComponent, from: instant, li })
  .describe('Holds from a moment on, until the next price.')
export const priceView = addPriceRequest.extend({
  isBuiltIn: z.boolean().describe('WeChat’s own list, as this version knows it.'),
})
export type PriceView = z.infer<typeof priceView>
export const pricesResponse = z.object({ prices: z.array(priceView) })

export const packKind = z.enum(['trial', 'pack'])
export const packView = z.object({
  id: z.string(),
  appid,
  component: paidComponent,
  kind: packKind,
  spuId: z.string().nullable(),
  entries: z.int(),
  priceLi: li,
  usedEntries: z.int(),
  allocatedLi: li.describe('How much of its price its calls carry so far; all of it once it is used up.'),
  startsAt: instant,
  endsAt: instant.nullable(),
  expiredEntries: z.int().describe('Calls that ran out unused.'),
})
export type PackView = z.infer<typeof packView>
export const packsResponse = z.object({ packs: z.array(packView) })
export const addPackRequest = z.object({
  appid,
  component: paidComponent,
  kind: packKind.optional().describe('Default is `pack`.'),
  spuId: z.string().max(64).optional(),
  entries: z.int().min(1).max(1_000_000_000),
  priceLi: li.min(0),
  startsAt: instant.optional().describe('Default is now.'),
  endsAt: instant.optional(),
})
export const changePackRequest = addPackRequest.omit({ appid: true, component: true, kind: true }).partial()

/** WeChat's count beside ours, for one app and component. */
export const reconciliation = z.object({
  appid: z.string(),
  component: paidComponent,
  spuId: z.string().describe("WeChat's product."),
  at: instant.describe('When WeChat was asked.'),
  since: instant.nullable().describe('The first reading that succeeded: both counts begin there.'),
  isSettled: z
    .boolean()
    .describe(
      'Every code of its time has its end. Before that, minutes after the reading, the numbers may move.',
    ),
  wechatLeft: z.int().nullable().describe('Calls left in the packs that can be used now.'),
  wechatUsed: z.int().nullable(),
  oursUsed: z.int().nullable(),
  difference: z.int().nullable().describe('WeChat minus ours.'),
  explained: z
    .array(
      z.object({
        cause: z.enum([
          'never-sent',
          'unproven',
          'in-flight',
          'other-product',
          'free',
          'devtools',
          'telemetry-missing',
          'not-at-wechat',
        ]),
        entries: z.int(),
        text: textPair,
      }),
    )
    .describe('Adds up to the difference.'),
  error: textPair.nullable().describe('Why WeChat could not be asked.'),
})
export type Reconciliation = z.infer<typeof reconciliation>
export const reconciliationQuery = z.object({
  appid: z.string().max(64).optional(),
  days: z.coerce.number().int().min(1).max(90).optional().describe('How much history. Default is 7.'),
})
export const reconciliationResponse = z.object({
  latest: z.array(reconciliation).describe('The newest reading of each.'),
  history: z.array(reconciliation).describe('Settled readings, oldest first.'),
})
export const reconcileRequest = z.object({
  appid: z.string().max(64).optional().describe('Default is every app.'),
})

export const wasteResponse = z.object({
  from: day,
  to: day,
  causes: z.array(
    z.object({
      cause: wasteCause,
      component: paidComponent,
      entries: z.int(),
      li,
      text: textPair,
      whatToDo: textPair,
    }),
  ),
  totalLi: li,
})
export type WasteResponse = z.infer<typeof wasteResponse>

export const forecastQuery = z.object({
  appid: z.string().max(64).optional(),
  component: paidComponent.optional(),
  days: z.coerce.number().int().min(1).max(180).optional().describe('Default is 30.'),
})
export const forecastResponse = z.object({
  forecasts: z.array(
    z.object({
      appid: z.string(),
      component: paidComponent,
      perDay: z.array(z.object({ day, low: z.number(), expected: z.number(), high: z.number() })),
      weekdays: z.array(z.number()).length(7).describe('Calls of a usual Monday, Tuesday … Sunday.'),
      monthLi: z
        .object({ low: li, expected: li, high: li })
        .describe('Spend of this month, what is spent included.'),
      left: z.int().nullable(),
      leftSource: z.enum(['wechat', 'ours']).nullable(),
      runsOutOn: day.nullable(),
      runsOutEarliest: day.nullable(),
      runsOutLatest: day.nullable(),
      basedOnDays: z.int().describe('Days of history behind it; below 7 it is a guess.'),
    }),
  ),
})
export type ForecastResponse = z.infer<typeof forecastResponse>

export const entrySearchRequest = pageBody.extend({
  appid: z.string().max(64).optional(),
  component: paidComponent.optional(),
  state: z.string().max(16).optional(),
  cause: wasteCause.optional(),
  openid: z.string().max(128).optional(),
  memberId: z.string().max(64).optional(),
  codeHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  from: instant.optional(),
  to: instant.optional(),
})
export const ledgerEntry = z.object({
  id: z.string(),
  appid: z.string(),
  surface: z.string(),
  clientId: z.string().nullable(),
  component: paidComponent,
  state: z.string().describe('`open` while it is not settled.'),
  reason: z.string().nullable(),
  cause: wasteCause.nullable(),
  source: z.enum(['intent', 'telemetry']),
  isBilled: z.boolean(),
  listLi: li,
  chargeLi: li,
  chargedTo: z.string().nullable(),
  openid: z.string().nullable(),
  memberId: z.string().nullable(),
  errcode: z.int().nullable(),
  rid: z.string().nullable(),
  requestId: z.string().nullable(),
  attempts: z.int(),
  seenAt: instant,
  settledAt: instant.nullable(),
})
export type LedgerEntry = z.infer<typeof ledgerEntry>
export const entriesPage = pageOf(ledgerEntry)

export const exportQuery = z.object({
  month,
  appid: z.string().max(64).optional(),
  format: z
    .enum(['csv', 'json', 'ndjson', 'dispute'])
    .describe('`dispute` is the `timestamp,openid` table that WeChat asks for.'),
})
