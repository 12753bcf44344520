import { WxUsageError } from '../../errors/index.ts'
import type { ForcePermit, TokenStore } from '../types.ts'

/** The part of a `pg` pool that is used. */
export interface PoolLike {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
}

/** Options of {@link createPostgresTokenStore}. */
export interface PostgresTokenStoreOptions {
  /** Your `pg` pool. It stays yours: the SDK does not close it. */
  readonly pool: PoolLike
  /** Name of the table, with its schema if need be. Default is `haoma_wechat_token`. */
  readonly table?: string
  /** Whether to make the table when it is not there. Default is true; {@link postgresTokenTable} gives its DDL. */
  readonly createTable?: boolean
}

const defaultTable = 'haoma_wechat_token'

/** The DDL of the table, for those who make their tables themselves. */
export function postgresTokenTable(table: string = defaultTable): string {
  return `create table if not exists ${checkName(table)} (
  appid text primary key,
  access_token text,
  expires_at timestamptz,
  lease_owner text,
  lease_fence bigint not null default 0,
  lease_ends_at timestamptz,
  forced_at timestamptz[] not null default '{}'
)`
}

/**
 * Shares tokens through one small table of PostgreSQL. Time is the server's own; each operation is one statement.
 *
 * @param options - your pool, and the table
 */
export function createPostgresTokenStore(options: PostgresTokenStoreOptions): TokenStore {
  const { pool, createTable = true } = options
  const table = checkName(options.table ?? defaultTable)
  const now = 'clock_timestamp()'
  const ms = (parameter: string) => `${parameter}::float8 * interval '1 millisecond'`
  let isReady = !createTable

  // A role that may only read and write must not be asked to create what is there. Nothing is shared between the
  // callers: a query that never settles must not hold up those that come after it.
  async function prepare(): Promise<void> {
    const { rows } = await pool.query('select to_regclass($1) is not null as is_there', [table])
    // Two processes that create one table at the same moment fail on a catalogue index, in spite of "if not exists".
    if (rows[0]?.is_there !== true) {
      await pool.query(`select pg_advisory_xact_lock(hashtext('${table}')); ${postgresTokenTable(table)}`)
    }
    isReady = true
  }

  async function query(text: string, values: unknown[]): Promise<Record<string, unknown> | undefined> {
    if (!isReady) await prepare()
    return (await pool.query(text, values)).rows[0]
  }

  return {
    name: 'postgres',
    async read(appid) {
      const row = await query(
        `select access_token, extract(epoch from expires_at - ${now}) * 1000 as left_ms
         from ${table} where appid = $1 and expires_at > ${now}`,
        [appid],
      )
      return row && { accessToken: String(row.access_token), expiresInMs: Number(row.left_ms) }
    },
    async acquire(appid, { owner, ttlMs }) {
      const row = await query(
        `insert into ${table} as t (appid, lease_owner, lease_fence, lease_ends_at)
         values ($1, $2, 1, ${now} + ${ms('$3')})
         on conflict (appid) do update
         set lease_owner = $2, lease_fence = t.lease_fence + 1, lease_ends_at = ${now} + ${ms('$3')}
         where t.lease_ends_at is null or t.lease_ends_at <= ${now}
         returning lease_fence`,
        [appid, owner, ttlMs],
      )
      return row && Number(row.lease_fence)
    },
    async renew(appid, { owner, fence, ttlMs }) {
      const row = await query(
        `update ${table} set lease_ends_at = ${now} + ${ms('$4')}
         where appid = $1 and lease_owner = $2 and lease_fence = $3 and lease_ends_at > ${now}
         returning appid`,
        [appid, owner, fence, ttlMs],
      )
      return row !== undefined
    },
    async write(appid, { accessToken, expiresInMs, owner, fence }) {
      const row = await query(
        `update ${table} set access_token = $4, expires_at = ${now} + ${ms('$5')}
         where appid = $1 and lease_owner = $2 and lease_fence = $3 and lease_ends_at > ${now}
         returning appid`,
        [appid, owner, fence, accessToken, expiresInMs],
      )
      return row !== undefined
    },
    async release(appid, { owner, fence }) {
      await query(
        `update ${table} set lease_owner = null, lease_ends_at = null
         where appid = $1 and lease_owner = $2 and lease_fence = $3`,
        [appid, owner, fence],
      )
    },
    async takeForcePermit(appid, { max, windowMs, minIntervalMs }): Promise<ForcePermit> {
      await query(`insert into ${table} (appid) values ($1) on conflict do nothing`, [appid])
      const granted = await query(
        `update ${table} set forced_at =
           array(select at from unnest(forced_at) at where at > ${now} - ${ms('$3')} order by at) || ${now}
         where appid = $1
           and (select count(*) from unnest(forced_at) at where at > ${now} - ${ms('$3')}) < $2
           and not exists (select 1 from unnest(forced_at) at where at > ${now} - ${ms('$4')})
         returning appid`,
        [appid, max, windowMs, minIntervalMs],
      )
      if (granted !== undefined) return { granted: true }
      const row = await query(
        `select extract(epoch from greatest(
             (select max(at) + ${ms('$4')} from unnest(forced_at) at),
             (select min(at) + ${ms('$3')} from unnest(forced_at) at
              having count(*) filter (where at > ${now} - ${ms('$3')}) >= $2)
           ) - ${now}) * 1000 as wait_ms
         from ${table} where appid = $1`,
        [appid, max, windowMs, minIntervalMs],
      )
      return { granted: false, retryAfterMs: Math.max(1, Number(row?.wait_ms ?? 0)) }
    },
  }
}

function checkName(table: string): string {
  if (/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(table)) return table
  throw new WxUsageError(
    'ERR_WX_BAD_OPTION',
    'table must be a plain lower-case name, with a schema if need be',
  )
}
