import type { TableSql } from '../table-sql.ts'

/** What runs beside the requests: webhooks, jobs, limits, and what is true of the whole database. */
export const operationTables: readonly TableSql[] = [
  {
    name: 'webhook_endpoints',
    columns: `
      id text primary key,
      url text not null,
      description text not null,
      events text not null,
      appids text,
      secrets_sealed text not null,
      with_number integer not null,
      is_enabled integer not null,
      disabled_reason text,
      failing_since_ms bigint,
      from_position bigint not null,
      created_at_ms bigint not null,
      updated_at_ms bigint not null`,
  },
  {
    name: 'webhook_deliveries',
    columns: `
      id text primary key,
      endpoint_id text not null references webhook_endpoints (id),
      event_id text not null,
      type text not null,
      member_id text,
      member_seq integer,
      state text not null,
      attempts integer not null default 0,
      next_at_ms bigint not null,
      lease_owner text,
      lease_until_ms bigint,
      last_status integer,
      last_error text,
      created_at_ms bigint not null,
      delivered_at_ms bigint,
      unique (endpoint_id, event_id)`,
    indexes: [
      "create index webhook_deliveries_due on webhook_deliveries (next_at_ms) where state = 'pending'",
      'create index webhook_deliveries_by_member on webhook_deliveries (endpoint_id, member_id, member_seq)',
      'create index webhook_deliveries_by_endpoint on webhook_deliveries (endpoint_id, created_at_ms)',
      'create index webhook_deliveries_by_age on webhook_deliveries (created_at_ms)',
    ],
  },
  {
    name: 'webhook_attempts',
    columns: `
      id text primary key,
      delivery_id text not null,
      at_ms bigint not null,
      status integer,
      duration_ms integer not null,
      error text,
      response text`,
    indexes: [
      'create index webhook_attempts_by_delivery on webhook_attempts (delivery_id, at_ms)',
      'create index webhook_attempts_by_age on webhook_attempts (at_ms)',
    ],
  },
  {
    name: 'jobs',
    columns: `
      name text primary key,
      lease_owner text,
      lease_until_ms bigint,
      fence integer not null default 0,
      next_at_ms bigint not null,
      started_at_ms bigint,
      finished_at_ms bigint,
      runs integer not null default 0,
      failures integer not null default 0,
      last_error text,
      last_error_at_ms bigint,
      progress text`,
  },
  {
    // The form that rate-limiter-flexible reads and writes.
    name: 'limits',
    columns: `
      key varchar(255) primary key,
      points integer not null default 0,
      expire bigint`,
    indexes: ['create index limits_by_expiry on limits (expire)'],
  },
  {
    name: 'index_keys',
    columns: `
      id text primary key,
      state text not null,
      since_ms bigint not null`,
    indexes: ["create unique index index_keys_one_writing on index_keys (state) where state = 'writing'"],
  },
  {
    name: 'counters',
    columns: `
      name text primary key,
      value bigint not null`,
  },
  {
    name: 'facts',
    columns: `
      name text primary key,
      value text not null,
      set_at_ms bigint not null`,
  },
]
