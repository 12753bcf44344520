import { z } from 'zod'
import { phoneComponent } from '../values.ts'

/** Each may do what the one before may: read masked data, change things, decide who may. */
export const adminRole = z.enum(['viewer', 'operator', 'owner'])
export type AdminRole = z.infer<typeof adminRole>

/** What an API key opens: `/metrics` and operators' details, or this surface as one of two roles. */
export const apiKeyScope = z.enum(['metrics', 'viewer', 'operator'])
export type ApiKeyScope = z.infer<typeof apiKeyScope>

/** A day in Asia/Shanghai. */
export const day = z.iso.date().describe('`YYYY-MM-DD`, Asia/Shanghai.')

/** A month in Asia/Shanghai. */
export const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .describe('`YYYY-MM`, Asia/Shanghai.')

export const li = z.int().describe('1/1000 yuan.')

/** Why somebody reveals, erases or merges; audited. */
export const adminReason = z.string().trim().min(1).max(200).describe('Why; written into the audit.')

export const cursor = z.string().max(200).describe('`nextCursor` of the page before.')

/** A query of a list, its newest entry first. */
export const pageQuery = z.object({
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional().describe('Default is 50.'),
})

/** The same in a body. */
export const pageBody = z.object({
  cursor: cursor.optional(),
  limit: z.int().min(1).max(200).optional().describe('Default is 50.'),
})

/** @param item - Schema of one entry. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

/** Component as the ledger counts it: paid ones only. */
export const paidComponent = phoneComponent

/** A text for people in the two languages of the console. */
export const textPair = z.object({ zh: z.string(), en: z.string() })
export type TextPair = z.infer<typeof textPair>
