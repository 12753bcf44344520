import { z } from 'zod'
import { instant } from '../values.ts'

/** A key that signs access tokens of members. */
export const signingKey = z.object({
  kid: z.string(),
  alg: z.string(),
  state: z.enum(['next', 'signing', 'retired', 'revoked']),
  createdAt: instant,
  signsFrom: instant,
  retiredAt: instant.nullable(),
})

export const keysResponse = z.object({
  signingKeys: z.array(signingKey),
  indexKeys: z.array(z.object({ id: z.string(), state: z.enum(['writing', 'reading']), since: instant })),
  masterKey: z.object({ fingerprint: z.string(), oldKeys: z.int() }),
  rekey: z.object({ isNeeded: z.boolean(), left: z.int().nullable() }),
})
export type KeysResponse = z.infer<typeof keysResponse>

export const jobView = z.object({
  name: z.string(),
  state: z.enum(['running', 'waiting', 'failing']),
  nextAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  runs: z.int(),
  failures: z.int().describe('In a row.'),
  lastError: z.string().nullable(),
  lastErrorAt: instant.nullable(),
  progress: z.string().nullable(),
})
export type JobView = z.infer<typeof jobView>
export const jobsResponse = z.object({ jobs: z.array(jobView) })
