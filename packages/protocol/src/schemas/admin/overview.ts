import { z } from 'zod'
import { instant } from '../values.ts'
import { day, li, paidComponent, textPair } from './values.ts'

export const overviewQuery = z.object({
  appid: z.string().max(64).optional().describe('Default is all apps.'),
  days: z.coerce.number().int().min(1).max(90).optional().describe('Default is 30, today included.'),
})

/** One step of the way from seeing the button to a bound number. */
export const funnelStep = z.object({
  step: z.enum(['shown', 'tapped', 'consented', 'exchanged', 'bound']),
  entries: z.int(),
})

export const overviewDay = z.object({
  day,
  logins: z.int().describe('Requests of every way in.'),
  failed: z.int().describe('Those of them that gave no session and no number.'),
  verified: z.int().describe('Numbers that WeChat or an SMS vouched for.'),
  newMembers: z.int(),
  refusals: z.int().describe('Taps that people refused, as the buttons tell.'),
  spendLi: li,
  wasteLi: li,
})

/** Failures of one cause, and what to do about them. */
export const failureGroup = z.object({
  outcome: z.string().describe('Code of the error table.'),
  errcode: z.int().nullable().describe("WeChat's."),
  way: z.string(),
  entries: z.int(),
  lastAt: instant.nullable(),
  text: textPair,
  whatToDo: textPair,
})

/** What one component costs an app, and how long what is paid for lasts. */
export const componentBalance = z.object({
  appid: z.string(),
  component: paidComponent,
  spentTodayLi: li,
  spentMonthLi: li,
  left: z.int().nullable().describe('Calls of trial and packs that are left; null when not known.'),
  leftSource: z.enum(['wechat', 'ours']).nullable().describe('Whose count `left` is.'),
  runsOutOn: day.nullable().describe('At the pace of the forecast; null when it does not within 180 days.'),
  runsOutEarliest: day.nullable(),
  runsOutLatest: day.nullable(),
})

export const tokenHealth = z.object({
  appid: z.string(),
  state: z.enum(['warm', 'stale', 'failing', 'none']),
  expiresInS: z.int().nullable(),
  ageS: z.int().nullable(),
  lastError: textPair.nullable(),
  errcode: z.int().nullable(),
})

/** A distribution as three of its points, in milliseconds; null without entries. */
export const latency = z.object({
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
})

export const overviewResponse = z.object({
  at: instant,
  today: overviewDay,
  yesterday: overviewDay.describe('The whole day, to compare.'),
  days: z.array(overviewDay).describe('Oldest first; days without traffic are there too.'),
  funnel: z.array(funnelStep),
  failures: z.array(failureGroup).describe('The most frequent first.'),
  balances: z.array(componentBalance),
  tokens: z.array(tokenHealth),
  latency: z.object({ wechat: latency, ours: latency }),
  openAlerts: z.int(),
})
export type OverviewResponse = z.infer<typeof overviewResponse>
