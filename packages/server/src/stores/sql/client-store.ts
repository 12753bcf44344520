import { type Kysely, sql } from 'kysely'
import type { Client, ClientStore } from '../client-store.ts'
import { selectionOf, toRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** A client as its columns hold it: lists are JSON. */
export interface ClientRecord extends Omit<Client, 'scopes' | 'appids' | 'ips' | 'limits' | 'gatewayPaths'> {
  scopes: string
  appids: string | null
  ips: string | null
  limits: string | null
  gatewayPaths: string | null
}

const clientColumns = selectionOf(
  'id',
  'name',
  'scopes',
  'appids',
  'ips',
  'limits',
  'gatewayPaths',
  'tokenMarginS',
  'createdAtMs',
  'seenAtMs',
  'revokedAtMs',
)
const secretColumns = selectionOf('digest', 'clientId', 'hint', 'createdAtMs', 'expiresAtMs', 'revokedAtMs')

export function createSqlClientStore(db: Kysely<Tables>): ClientStore {
  const find = async (id: string): Promise<Client | undefined> => {
    const record = await db
      .selectFrom('clients')
      .select(clientColumns)
      .where('id', '=', id)
      .executeTakeFirst()
    return record && toClient(record)
  }

  return {
    add: async (client) => {
      await db
        .insertInto('clients')
        .values(toRow(toRecord(client)))
        .execute()
    },
    find,
    findBySecret: async (digests, nowMs) => {
      const secret = await db
        .selectFrom('client_secrets')
        .select(secretColumns)
        .where('digest', 'in', [...digests])
        .where('revoked_at_ms', 'is', null)
        .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', nowMs)]))
        .executeTakeFirst()
      const client = secret && (await find(secret.clientId))
      return client && client.revokedAtMs === null ? { client, secret } : undefined
    },
    list: async () => {
      const records = await db
        .selectFrom('clients')
        .select(clientColumns)
        .orderBy('created_at_ms', 'desc')
        .orderBy('id', 'desc')
        .execute()
      return records.map(toClient)
    },
    listSecrets: (clientId) =>
      db
        .selectFrom('client_secrets')
        .select(secretColumns)
        .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
        .orderBy('created_at_ms', 'desc')
        .execute(),
    addSecret: async (secret) => {
      await db.insertInto('client_secrets').values(toRow(secret)).execute()
    },
    changeSecret: async (digest, change) => {
      await db.updateTable('client_secrets').set(toRow(change)).where('digest', '=', digest).execute()
    },
    change: async (id, change) => {
      const { numUpdatedRows } = await db
        .updateTable('clients')
        .set(toRow(toColumns(change)))
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    lock: async (id) => {
      const { numUpdatedRows } = await db
        .updateTable('clients')
        .set({ name: sql<string>`name` })
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    revoke: async (id, nowMs) => {
      const { numUpdatedRows } = await db
        .updateTable('clients')
        .set({ revoked_at_ms: nowMs })
        .where('id', '=', id)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    touch: async (id, nowMs) => {
      await db.updateTable('clients').set({ seen_at_ms: nowMs }).where('id', '=', id).execute()
    },
  }
}

const json = (value: object | null) => (value === null ? null : JSON.stringify(value))
const list = (text: string | null): string[] | null => (text === null ? null : JSON.parse(text))

function toRecord(client: Client): ClientRecord {
  return {
    id: client.id,
    name: client.name,
    scopes: JSON.stringify(client.scopes),
    appids: json(client.appids),
    ips: json(client.ips),
    limits: json(client.limits),
    gatewayPaths: JSON.stringify(client.gatewayPaths),
    tokenMarginS: client.tokenMarginS,
    createdAtMs: client.createdAtMs,
    seenAtMs: client.seenAtMs,
    revokedAtMs: client.revokedAtMs,
  }
}

type Change = Parameters<ClientStore['change']>[1]

function toColumns({ name, scopes, appids, ips, limits, gatewayPaths, tokenMarginS }: Change) {
  return {
    ...(name !== undefined && { name }),
    ...(scopes !== undefined && { scopes: JSON.stringify(scopes) }),
    ...(appids !== undefined && { appids: json(appids) }),
    ...(ips !== undefined && { ips: json(ips) }),
    ...(limits !== undefined && { limits: json(limits) }),
    ...(gatewayPaths !== undefined && { gatewayPaths: JSON.stringify(gatewayPaths) }),
    ...(tokenMarginS !== undefined && { tokenMarginS }),
  }
}

function toClient(record: ClientRecord): Client {
  return {
    ...record,
    scopes: list(record.scopes) ?? [],
    appids: list(record.appids),
    ips: list(record.ips),
    limits: record.limits === null ? null : JSON.parse(record.limits),
    gatewayPaths: list(record.gatewayPaths) ?? [],
  }
}
