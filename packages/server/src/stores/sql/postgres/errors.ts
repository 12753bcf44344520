import { DatabaseTlsError, StoreConflictError, StoreTextError, StoreUnavailableError } from '../../errors.ts'

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

/**
 * What is wrong with the server's certificate, by the code of Node.
 *
 * @see https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const TLS_FAULTS: Readonly<Record<string, DatabaseTlsError['fault']>> = {
  UNABLE_TO_GET_ISSUER_CERT: 'authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'authority',
  CERT_UNTRUSTED: 'authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'host',
  HOSTNAME_MISMATCH: 'host',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'expired',
}

/** The driver gives this one no code. */
const NO_TLS = 'The server does not support SSL connections'

function tlsFaultOf(cause: unknown, code: string): DatabaseTlsError['fault'] | undefined {
  if (cause instanceof Error && cause.message === NO_TLS) return 'absent'
  return Object.hasOwn(TLS_FAULTS, code) ? TLS_FAULTS[code] : undefined
}

/** What the driver throws becomes one of the store's own errors, or stays when it is a bug. */
export function translatePostgresError(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (CONFLICTS.includes(code)) {
    return new StoreConflictError('another transaction was first', { cause })
  }
  if (TEXTS.includes(code)) return new StoreTextError('the database cannot store this text', { cause })
  const tlsFault = tlsFaultOf(cause, code)
  if (tlsFault) return new DatabaseTlsError(tlsFault, { cause })
  if (FAULTS_OF_THE_CALLER.test(code) || cause instanceof TypeError) return cause
  return new StoreUnavailableError('the PostgreSQL database does not answer', { cause })
}
