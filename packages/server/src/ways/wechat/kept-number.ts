import { HaomaError } from '../../kernel/errors.ts'
import type { MergeTickets } from '../../members/tickets.ts'
import type { Database } from '../../stores/database.ts'

/**
 * A code that led to a conflict before leads to it again, and its number is still kept by the ticket: whoever lost the
 * answer gets the offer once more.
 */
export async function withOffer<T>(
  work: Promise<T>,
  { db, tickets, codeKey }: { db: Database; tickets: MergeTickets; codeKey: string | undefined },
): Promise<T> {
  try {
    return await work
  } catch (error) {
    const isConflict = error instanceof HaomaError && error.code === 'IDENTITY_CONFLICT'
    if (!isConflict || error.merge || codeKey === undefined) throw error
    throw new HaomaError('IDENTITY_CONFLICT', { cause: error, merge: await tickets.offerAgain(db, codeKey) })
  }
}
