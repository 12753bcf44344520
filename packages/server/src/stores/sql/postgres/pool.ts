import pg from 'pg'

/** How the service connects to PostgreSQL. */
export interface PostgresOptions {
  /**
   * `postgres://user:password@host:port/database`. `?sslmode=verify-full&sslrootcert=/path/ca.pem` asks for TLS.
   *
   * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
   */
  url: string
  /** Most connections of this process. */
  poolSize: number
  /** TLS in code instead of in the address, as `node:tls` takes it. Default is what the address says. */
  tls?: DatabaseTls
  /** Longest wait for the answer to one statement, in milliseconds; 0 is for ever. Default is 10,000. */
  queryTimeoutMs?: number
}

/** What `node:tls` is told of the server and of us. */
export interface DatabaseTls {
  ca?: string | Buffer
  cert?: string | Buffer
  key?: string | Buffer
  rejectUnauthorized?: boolean
}

const CONNECT_TIMEOUT_MS = 5000
const QUERY_TIMEOUT_MS = 10_000

const INT8 = 20

/** Whole numbers of 64 bits as numbers: ours are milliseconds and li, far below 2⁵³. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text' | undefined),
}

/** For work on whole tables, which takes as long as it takes. */
export const patient = { queryTimeoutMs: 0 }

export function createPostgresPool({
  url,
  poolSize,
  tls,
  queryTimeoutMs = QUERY_TIMEOUT_MS,
}: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    // The process may end while connections are idle.
    allowExitOnIdle: true,
    types,
    ...(tls && { ssl: tls }),
    ...pipelined,
  })
  // A connection that dies while nobody uses it is replaced at the next use.
  pool.on('error', () => {})
  // One that dies in use fails its next statement; that it died between two statements is nobody else's business, and
  // an event that nobody hears would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** The types of pg do not know its option yet. */
const pipelined: object = { pipeline: true }
