import { isEqualInConstantTime } from '../crypto/key-ring.ts'
import { addressGroup } from '../guards/client-address.ts'
import type { Limits } from '../guards/limits.ts'
import type { LimitName } from '../guards/policies.ts'
import { HaomaError } from '../kernel/errors.ts'
import { readBasicCredentials } from './basic-credentials.ts'
import type { ClientDirectory, KnownClient } from './client-directory.ts'
import type { ClientScope } from './scopes.ts'

/** What a call asks of its client. */
export interface Demand {
  scope: ClientScope
  limit: LimitName
  ip: string | undefined
}

/** The door for back ends: who calls, and may it? */
export interface Admission {
  /**
   * Lets the client in that an `Authorization` header names.
   *
   * @throws {HaomaError} `CLIENT_REQUIRED`, `IP_NOT_ALLOWED`, `SCOPE_MISSING`, `RATE_LIMITED`
   */
  byHeader(authorization: string | undefined, demand: Demand): Promise<KnownClient>
  /** The same for a call that carries the secret alone, in the place of an AppSecret. */
  bySecret(clientSecret: string, demand: Demand): Promise<KnownClient>
}

export function createAdmission({
  directory,
  limits,
}: {
  directory: ClientDirectory
  limits: Limits
}): Admission {
  /** Guessing costs the guesser: only a secret that is not known already is counted and looked up. */
  const lookUp = async (
    known: null | undefined,
    clientSecret: string,
    ip: string | undefined,
  ): Promise<KnownClient | null> => {
    const guesser = [['client.rejected.ip', ip && addressGroup(ip)]] as const
    await limits.admit(guesser)
    const client = known === null ? null : await directory.find(clientSecret)
    if (client === null) await limits.reject(guesser)
    return client
  }
  const find = (clientSecret: string, ip: string | undefined) => {
    const known = directory.peek(clientSecret)
    return known ?? lookUp(known, clientSecret, ip)
  }

  const bySecret = async (clientSecret: string, { scope, limit, ip }: Demand): Promise<KnownClient> => {
    const client = await find(clientSecret, ip)
    if (client === null) throw new HaomaError('CLIENT_REQUIRED')
    if (!client.mayCallFrom(ip)) throw new HaomaError('IP_NOT_ALLOWED')
    if (!client.has(scope)) throw new HaomaError('SCOPE_MISSING')
    await limits.admit([[limit, client.id]])
    const { perMinute } = client
    if (perMinute !== undefined) await limits.admitWithin(client.id, { points: perMinute, withinS: 60 })
    return client
  }

  return {
    bySecret,
    byHeader: async (authorization, demand) => {
      const credentials = readBasicCredentials(authorization)
      if (credentials === undefined) throw new HaomaError('CLIENT_REQUIRED')
      const client = await find(credentials.clientSecret, demand.ip)
      if (client === null || !isEqualInConstantTime(client.id, credentials.clientId)) {
        throw new HaomaError('CLIENT_REQUIRED')
      }
      return bySecret(credentials.clientSecret, demand)
    },
  }
}
