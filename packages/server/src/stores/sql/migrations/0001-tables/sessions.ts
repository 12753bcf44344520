import type { TableSql } from '../table-sql.ts'

/** What the service issues: sessions of members and the keys that sign their access tokens. */
export const sessionTables: readonly TableSql[] = [
  {
    name: 'sessions',
    columns: `
      id text primary key,
      member_id text not null references members (id),
      appid text not null,
      way text not null,
      openid text,
      device_id text,
      device_name text,
      platform text,
      client_version text,
      salt text not null,
      generation integer not null,
      successor_used_at_ms bigint,
      created_at_ms bigint not null,
      rotated_at_ms bigint not null,
      seen_at_ms bigint not null,
      expires_at_ms bigint not null,
      absolute_expires_at_ms bigint not null,
      ended_at_ms bigint,
      end_reason text`,
    indexes: [
      'create index sessions_by_member on sessions (member_id, created_at_ms)',
      'create index sessions_by_expiry on sessions (expires_at_ms)',
      `create unique index sessions_one_per_device on sessions (member_id, appid, device_id)
        where ended_at_ms is null and device_id is not null`,
    ],
  },
  {
    name: 'signing_keys',
    columns: `
      kid text primary key,
      alg text not null,
      state text not null,
      public_jwk text not null,
      sealed_private_jwk text not null,
      created_at_ms bigint not null,
      signs_from_ms bigint not null,
      retired_at_ms bigint`,
    indexes: ["create unique index signing_keys_one_signing on signing_keys (state) where state = 'signing'"],
  },
  {
    name: 'sms_requests',
    columns: `
      id text primary key,
      appid text not null,
      subject text not null,
      sealed text not null,
      masked_subject text not null,
      slot text,
      state text not null,
      code_digest text,
      tries integer not null default 0,
      provider text not null,
      provider_ref text,
      provider_error text,
      ip text,
      device_id text,
      created_at_ms bigint not null,
      sent_at_ms bigint,
      expires_at_ms bigint not null,
      used_at_ms bigint,
      session_id text`,
    indexes: [
      'create unique index sms_requests_one_slot on sms_requests (slot)',
      'create index sms_requests_by_subject on sms_requests (subject, created_at_ms)',
      'create index sms_requests_by_app on sms_requests (appid, created_at_ms)',
      'create index sms_requests_by_expiry on sms_requests (expires_at_ms)',
      'create index sms_requests_by_age on sms_requests (created_at_ms)',
    ],
  },
  {
    name: 'sms_days',
    columns: `
      day text primary key,
      sent integer not null`,
  },
]
