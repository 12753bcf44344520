import type { DerivedKey } from '../crypto/key-ring.ts'
import { addressList } from '../guards/client-address.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor, AuditStore } from '../stores/audit-store.ts'
import type { Client, ClientLimits, ClientSecret, ClientStore } from '../stores/client-store.ts'
import { createClientId, createClientSecret, digestSecret } from './client-secret.ts'
import { type ClientScope, clientScopeNames, isClientScope } from './scopes.ts'

/** How long the former secret works beside a new one, in seconds: a day, so that a deploy of every back end fits. */
const OVERLAP_S = 86_400
const MOST_MARGIN_S = 3600

/** What a client may do; what is not named is not allowed, or not limited. */
export interface ClientGrant {
  /** For people. */
  name: string
  scopes: readonly ClientScope[]
  /** Apps it may act for. Default is all. */
  appids?: readonly string[] | null | undefined
  /** Addresses and CIDR ranges it may call from. Default is anywhere. */
  ips?: readonly string[] | null | undefined
  /** Calls it may make, all together. Default is as many as everybody. */
  limits?: ClientLimits | null | undefined
  /** Paths of WeChat's that are open to it through the gateway. Default is none. */
  gatewayPaths?: readonly string[] | undefined
  /**
   * Seconds that its SDK takes off `expires_in`, which is made longer by as much: at most 3600. Default is 0, which is
   * right for an SDK that takes off less than four minutes.
   */
  tokenMarginS?: number | undefined
}

/** What is left out, or `undefined`, stays. */
type Change<T> = { [Name in keyof T]?: T[Name] | undefined }

export interface ClientCredentials {
  clientId: string
  /** Shown once; only its digest is stored. */
  clientSecret: string
}

/** A client as people see it. */
export interface ClientView extends Client {
  secrets: readonly Omit<ClientSecret, 'digest' | 'clientId'>[]
}

export interface ClientRegistry {
  /** @throws {TypeError} When the grant makes no sense; the message is for people, in Chinese and English. */
  create(grant: ClientGrant): Promise<ClientCredentials>
  list(): Promise<ClientView[]>
  change(id: string, grant: Change<ClientGrant>): Promise<boolean>
  /**
   * Gives a new secret. The one before works for `overlapS` seconds more (a day by default), any older one ends now:
   * two are valid at a time. `undefined` when there is no living client of that id.
   */
  rotate(id: string, options?: { overlapS?: number | undefined }): Promise<ClientCredentials | undefined>
  /** Ends the client in every process within 5 seconds. False when there is no living client of that id. */
  revoke(id: string): Promise<boolean>
}

interface RegistryStores {
  audit: AuditStore
  clients: ClientStore
}

export interface ClientRegistryParts {
  /** The clients, and transactions over them and the audit. */
  db: RegistryStores & { transaction<T>(work: (stores: RegistryStores) => Promise<T>): Promise<T> }
  /** Digests new secrets. */
  key: DerivedKey
  clock: Clock
  newId: NewId
  /** Who changes clients, for the audit. */
  actor: Actor
}

export function createClientRegistry({ db, key, clock, newId, actor }: ClientRegistryParts): ClientRegistry {
  const newSecret = (clientId: string): { secret: ClientSecret; clientSecret: string } => {
    const { clientSecret, hint } = createClientSecret()
    const digest = digestSecret(clientSecret, key)
    const createdAtMs = clock.now()
    return {
      clientSecret,
      secret: { digest, clientId, hint, createdAtMs, expiresAtMs: null, revokedAtMs: null },
    }
  }

  /** Makes a change and its line in the audit at once; a change that does nothing leaves no line. */
  const audited = (
    action: string,
    clientId: string,
    details: Record<string, unknown> | null,
    work: (clients: ClientStore) => Promise<boolean>,
  ): Promise<boolean> =>
    db.transaction(async ({ audit, clients }) => {
      const isDone = await work(clients)
      if (isDone) {
        const done = {
          action: `client.${action}`,
          target: { kind: 'client', id: clientId },
          details: details ?? undefined,
        }
        await audit.add([auditEntry(actor, done, { newId, nowMs: clock.now() })])
      }
      return isDone
    })

  return {
    create: async (grant) => {
      checkGrant(grant)
      const client: Client = {
        id: createClientId(),
        name: grant.name.trim(),
        scopes: [...new Set(grant.scopes)],
        appids: grant.appids ?? null,
        ips: grant.ips ?? null,
        limits: grant.limits ?? null,
        gatewayPaths: grant.gatewayPaths ?? [],
        tokenMarginS: grant.tokenMarginS ?? 0,
        createdAtMs: clock.now(),
        seenAtMs: null,
        revokedAtMs: null,
      }
      const { secret, clientSecret } = newSecret(client.id)
      const { name, scopes, appids, ips, limits, gatewayPaths, tokenMarginS } = client
      const details = { name, scopes, appids, ips, limits, gatewayPaths, tokenMarginS }
      await audited('create', client.id, details, async (clients) => {
        await clients.add(client)
        await clients.addSecret(secret)
        return true
      })
      return { clientId: client.id, clientSecret }
    },

    list: async () => {
      const [clients, secrets] = await Promise.all([db.clients.list(), db.clients.listSecrets()])
      return clients.map((client) => ({
        ...client,
        secrets: secrets
          .filter(({ clientId }) => clientId === client.id)
          .map(({ hint, createdAtMs, expiresAtMs, revokedAtMs }) => ({
            hint,
            createdAtMs,
            expiresAtMs,
            revokedAtMs,
          })),
      }))
    },

    change: async (id, grant) => {
      checkGrant({ ...grant, name: grant.name ?? 'x', scopes: grant.scopes ?? ['token'] })
      const { name, scopes, appids, ips, limits, gatewayPaths, tokenMarginS } = grant
      const change = {
        ...(name !== undefined && { name: name.trim() }),
        ...(scopes !== undefined && { scopes }),
        ...(appids !== undefined && { appids }),
        ...(ips !== undefined && { ips }),
        ...(limits !== undefined && { limits }),
        ...(gatewayPaths !== undefined && { gatewayPaths }),
        ...(tokenMarginS !== undefined && { tokenMarginS }),
      }
      const isEmpty = Object.keys(change).length === 0
      return audited('change', id, change, (clients) =>
        isEmpty ? clients.lock(id) : clients.change(id, change),
      )
    },

    rotate: async (id, { overlapS = OVERLAP_S } = {}) => {
      const { secret, clientSecret } = newSecret(id)
      const isDone = await audited('rotate', id, null, async (clients) => {
        if (!(await clients.lock(id))) return false
        const nowMs = clock.now()
        for (const { digest, expiresAtMs } of (await clients.listSecrets(id)).filter(isLiving(nowMs))) {
          // Only the newest secret has no end yet.
          const change =
            expiresAtMs === null ? { expiresAtMs: nowMs + overlapS * 1000 } : { revokedAtMs: nowMs }
          await clients.changeSecret(digest, change)
        }
        await clients.addSecret(secret)
        return true
      })
      return isDone ? { clientId: id, clientSecret } : undefined
    },

    revoke: (id) => audited('revoke', id, null, (clients) => clients.revoke(id, clock.now())),
  }
}

const isLiving =
  (nowMs: number) =>
  ({ expiresAtMs, revokedAtMs }: ClientSecret): boolean =>
    revokedAtMs === null && (expiresAtMs === null || expiresAtMs > nowMs)

function checkGrant(grant: ClientGrant): void {
  const { name, scopes, appids, ips, limits, gatewayPaths, tokenMarginS = 0 } = grant
  if (name.trim() === '' || name.length > 64) {
    throw new TypeError('客户端需要一个不超过 64 字的名称 / a client needs a name of at most 64 characters')
  }
  const unknown = scopes.find((scope) => !isClientScope(scope))
  if (scopes.length === 0 || unknown !== undefined) {
    const all = clientScopeNames.join(', ')
    const named = unknown === undefined ? '' : ` (${unknown})`
    throw new TypeError(`scope 应为以下之一${named} / each scope must be one of${named}: ${all}`)
  }
  if (appids?.length === 0) throw new TypeError('appid 列表为空 / the list of apps is empty')
  if (ips) addressList(ips)
  const { perMinute } = limits ?? {}
  if (perMinute !== undefined && !(Number.isInteger(perMinute) && perMinute >= 1)) {
    throw new TypeError('每分钟次数应为正整数 / calls a minute must be a whole number from 1 on')
  }
  if (!Number.isInteger(tokenMarginS) || tokenMarginS < 0 || tokenMarginS > MOST_MARGIN_S) {
    throw new TypeError(
      `token 提前量应为 0 到 ${MOST_MARGIN_S} 秒 / the token margin must be 0 to ${MOST_MARGIN_S} seconds`,
    )
  }
  for (const path of gatewayPaths ?? []) {
    if (!/^\/[\w./-]*[\w-](\/\*)?$/.test(path)) {
      throw new TypeError(
        '网关路径应形如 /wxa/msg_sec_check 或 /wxa/sec/* / a gateway path must look like these',
      )
    }
  }
}
