import { hash } from 'node:crypto'
import type { DerivedKey } from '../crypto/key-ring.ts'
import { type AddressList, addressList } from '../guards/client-address.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Client, ClientStore } from '../stores/client-store.ts'
import { digestSecret, isClientSecret } from './client-secret.ts'
import type { ClientScope } from './scopes.ts'

/** How long what is known of a secret is believed without asking the database again, in milliseconds. */
const TRUST_MS = 2000
const KEPT_SECRETS = 10_000
const TOUCH_EVERY_MS = 60_000

/** A client that has shown its secret. */
export interface KnownClient {
  id: string
  name: string
  has(scope: ClientScope): boolean
  /** An app outside its list does not exist for a client. */
  mayActFor(appid: string): boolean
  /** An address that is not known is on no list. */
  mayCallFrom(ip: string | undefined): boolean
  gatewayPaths: readonly string[]
  /** Seconds that its SDK takes off the life of an access token that it was told. */
  tokenMarginS: number
  /** Calls it may make in a minute; `undefined` is as many as everybody. */
  perMinute: number | undefined
}

/** Finds clients by their secrets, from memory for two seconds at a time. */
export interface ClientDirectory {
  /**
   * What is known of a secret from memory: a client, `null` for a secret that is none, `undefined` for one that has to
   * be looked up.
   */
  peek(clientSecret: string): KnownClient | null | undefined
  find(clientSecret: string): Promise<KnownClient | null>
}

export interface ClientDirectoryParts {
  clients: ClientStore
  /** Every key that secrets may have been digested with, the current one first. */
  keys: readonly [DerivedKey, ...DerivedKey[]]
  clock: Clock
}

interface Entry {
  client: KnownClient | null
  readAtMs: number
}

export function createClientDirectory({ clients, keys, clock }: ClientDirectoryParts): ClientDirectory {
  const entries = new Map<string, Entry>()
  const lookups = new Map<string, Promise<KnownClient | null>>()
  // Not the secret itself, which would lie in memory for as long as its entry.
  const keyOf = (clientSecret: string) => hash('sha256', clientSecret)

  const peek = (key: string): KnownClient | null | undefined => {
    const entry = entries.get(key)
    if (entry === undefined || Math.abs(clock.now() - entry.readAtMs) >= TRUST_MS) return undefined
    return entry.client
  }

  const lookUp = async (key: string, clientSecret: string): Promise<KnownClient | null> => {
    const readAtMs = clock.now()
    const digests = keys.map((one) => digestSecret(clientSecret, one))
    const found = await clients.findBySecret(digests, readAtMs)
    const client = found ? knownClient(found.client) : null
    entries.delete(key)
    entries.set(key, { client, readAtMs })
    const [oldest] = entries.keys()
    if (oldest !== undefined && entries.size > KEPT_SECRETS) entries.delete(oldest)
    if (found && readAtMs - (found.client.seenAtMs ?? 0) > TOUCH_EVERY_MS) {
      // When a client was last seen is for people; nobody is refused because it cannot be written.
      await clients.touch(found.client.id, readAtMs).catch(() => {})
    }
    return client
  }

  return {
    peek: (clientSecret) => (isClientSecret(clientSecret) ? peek(keyOf(clientSecret)) : null),
    find: async (clientSecret) => {
      if (!isClientSecret(clientSecret)) return null
      const key = keyOf(clientSecret)
      const known = peek(key)
      if (known !== undefined) return known
      const lookup = lookups.get(key) ?? lookUp(key, clientSecret).finally(() => lookups.delete(key))
      lookups.set(key, lookup)
      return lookup
    },
  }
}

function knownClient({
  id,
  name,
  scopes,
  appids,
  ips,
  limits,
  gatewayPaths,
  tokenMarginS,
}: Client): KnownClient {
  const scopeSet = new Set(scopes)
  const appidSet = appids && new Set(appids)
  const addresses: AddressList | null = ips && addressList(ips)
  return {
    id,
    name,
    has: (scope) => scopeSet.has(scope),
    mayActFor: (appid) => appidSet === null || appidSet.has(appid),
    mayCallFrom: (ip) => addresses === null || (ip !== undefined && addresses.has(ip)),
    gatewayPaths,
    tokenMarginS,
    perMinute: limits?.perMinute,
  }
}
