import { StoreConflictError, StoreTextError, StoreUnavailableError } from '../../errors.ts'

/**
 * Another transaction was first: unique index, serialization failure, deadlock.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const CONFLICTS = ['23505', '40001', '40P01']

/** A zero character, or one that the encoding does not have. */
const TEXTS = ['22021', '22P05']

/** Classes of faults that lie in the statement itself; every other fault is the server's or the network's. */
const FAULTS_OF_THE_CALLER = /^(?:0A|21|22|23|25P02|26|2D|34|39|42)/

/** What the driver throws becomes one of the store's own errors, or stays when it is a bug. */
export function translatePostgresError(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (CONFLICTS.includes(code)) {
    return new StoreConflictError('another transaction was first', { cause })
  }
  if (TEXTS.includes(code)) return new StoreTextError('the database cannot store this text', { cause })
  if (FAULTS_OF_THE_CALLER.test(code) || cause instanceof TypeError) return cause
  return new StoreUnavailableError('the PostgreSQL database does not answer', { cause })
}
