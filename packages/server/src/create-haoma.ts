import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@haoma/protocol'
import { createWeChat } from '@haoma/wechat'
import manifest from '../package.json' with { type: 'json' }
import { assembleBackEnds } from './assemble-back-ends.ts'
import { readDatabaseUrl } from './config/database-url.ts'
import {
  ensureMasterKey,
  hasMasterKeyFile,
  MasterKeyMissingError,
  masterKeyBytes,
} from './config/master-key.ts'
import { createKeyRing } from './crypto/key-ring.ts'
import { createKeyedHash } from './crypto/keyed-hash.ts'
import { createHousekeeping } from './exchange/housekeeping.ts'
import { type CodePolicy, createSpendCode } from './exchange/spend-code.ts'
import { createLimits } from './guards/limits.ts'
import { type Connection, peerAddress } from './http/connection.ts'
import { createHostGuard } from './http/host-names.ts'
import { createBackground } from './jobs/background.ts'
import { systemClock } from './kernel/clock.ts'
import { createUuidV7 } from './kernel/ids.ts'
import { createLogger } from './kernel/logger.ts'
import { createRunningWork } from './kernel/running-work.ts'
import { createLedgerWriter } from './ledger/entries.ts'
import { createMemberService } from './members/service.ts'
import { createPhoneVault } from './numbers/vault.ts'
import { createHealthService } from './operations/health.ts'
import { defaults, type HaomaOptions } from './options.ts'
import { createAccessTokens } from './sessions/access-token.ts'
import { createRefreshTokens } from './sessions/refresh-token.ts'
import { createSessionService } from './sessions/service.ts'
import { loadSigningKeys } from './sessions/signing-keys.ts'
import type { Database } from './stores/database.ts'
import { openPostgresDatabase, openSqliteDatabase } from './stores/sql/database.ts'
import { createOperationsSurface } from './surfaces/operations/surface.ts'
import { createPublicSurface } from './surfaces/public/surface.ts'
import { createDispatcher, type Surface } from './surfaces/surface.ts'
import type { ClientRegistry } from './tokens/clients.ts'
import { createPhoneService } from './ways/wechat/bind-phone.ts'
import { createLoginService } from './ways/wechat/login.ts'

export interface Haoma {
  /**
   * Answers a request. Mounts in anything that speaks Web-standard requests.
   *
   * @param connection - Who is at the other end, as the host knows it. `@hono/node-server` hands it over by itself.
   */
  fetch(request: Request, connection?: Connection): Promise<Response>
  /** Back ends that may call with an id and a secret. */
  clients: ClientRegistry
  /** Ends the codes whose life is over. Runs by itself in the background; for platforms that freeze in between. */
  housekeep(): Promise<void>
  /** Lets running requests end, then closes everything that was opened. */
  close(): Promise<void>
}

const READINESS_TIMEOUT_MS = 3000
const HOUSEKEEPING_INTERVAL_MS = 30_000
/** A code dies at WeChat 5 minutes after the tap; ours is remembered a little longer than any clock is off. */
const CODE_MARGIN_MS = 60_000

/**
 * Makes a login service: opens the database and brings it up to date, loads the keys, and gives a handler.
 * WeChat is not needed for that; while it cannot be reached, `/readyz` says so and logins answer `retry`.
 *
 * @throws {MasterKeyMissingError} When the database holds data and the file with its master key is gone.
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 * @throws {DatabaseVersionError} When another version of the service made the database.
 */
export async function createHaoma(options: HaomaOptions = {}): Promise<Haoma> {
  const db = await openDatabase(options)
  try {
    const keyRing = createKeyRing([await masterKeyOf(options, db)])
    return await assemble({ options, keyRing, db })
  } catch (error) {
    await db.close()
    throw error
  }
}

/** @internal */
export function openDatabase({
  databaseUrl,
  databasePoolSize,
  databaseTls,
}: HaomaOptions): Promise<Database> {
  const address = readDatabaseUrl(databaseUrl ?? defaults.databaseUrl)
  if (address.kind === 'sqlite') return openSqliteDatabase(address.path)
  return openPostgresDatabase({
    url: address.url,
    poolSize: databasePoolSize ?? defaults.databasePoolSize,
    ...(databaseTls && { tls: databaseTls }),
  })
}

/**
 * A key is made for a new database only: a new key in an old one would hide that the old key is gone.
 *
 * @internal
 */
export async function masterKeyOf(
  options: Pick<HaomaOptions, 'masterKey' | 'masterKeyFile'>,
  db: Database,
): Promise<Buffer> {
  if (options.masterKey !== undefined) return masterKeyBytes(options.masterKey)
  const path = options.masterKeyFile ?? defaults.masterKeyFile
  if (!hasMasterKeyFile(path) && (await db.signingKeys.list()).length > 0) {
    throw new MasterKeyMissingError(path)
  }
  return ensureMasterKey(path)
}

/**
 * Gives each part what it needs. Beside {@link createHaoma}, the one place that names implementations.
 *
 * @internal
 */
export async function assemble({ options, keyRing, db, codePolicy }: AssembleParts): Promise<AssembledHaoma> {
  const {
    apps = defaults.apps,
    clock = systemClock,
    corsOrigins = defaults.corsOrigins,
    issuer = defaults.issuer,
    logger = createLogger(),
    trustedProxies = defaults.trustedProxies,
    unionidScope = defaults.unionidScope,
    wechatTimeoutMs = defaults.wechatTimeoutMs,
  } = options
  const newId = createUuidV7
  const work = createRunningWork()
  const wechat =
    options.wechat ?? createWeChat({ apps, ...(options.wechatHosts && { hosts: options.wechatHosts }) })
  const policy = { ...defaults.session, ...options.session }
  const signingKeys = await loadSigningKeys(db.signingKeys, { keyRing, nowMs: clock.now() })

  const vault = createPhoneVault(keyRing)
  const ledger = createLedgerWriter(newId)
  const members = createMemberService({ vault, clock, newId, unionidScope })
  const sessions = createSessionService({
    db,
    accessTokens: createAccessTokens(signingKeys, { issuer, ttlS: policy.accessTtlS }),
    refreshTokens: createRefreshTokens(keyRing),
    policy,
    clock,
    newId,
  })
  const spendCode = createSpendCode({
    db,
    clock,
    newId,
    hashCode: createKeyedHash(keyRing, 'code-index'),
    ledger,
    policy: {
      lifeMs: limits.codeLifeS * 1000 + CODE_MARGIN_MS,
      // A call may fetch a token first, and repeat once with a new one.
      leaseMs: 3 * wechatTimeoutMs,
      waitMs: wechatTimeoutMs,
      pollMs: 100,
      ...codePolicy,
    },
    sleep: (ms) => sleep(ms),
  })
  const phones = createPhoneService({ db, wechat, spendCode, members, vault, clock, wechatTimeoutMs })
  const login = createLoginService({ db, wechat, spendCode, members, phones, sessions, wechatTimeoutMs })
  const health = createHealthService({
    db,
    wechat,
    appids: apps.map(({ appid }) => appid),
    clock,
    timeoutMs: READINESS_TIMEOUT_MS,
  })

  const observed = { logger, clock, newId }
  const backEnds = assembleBackEnds({
    db,
    keyRing,
    wechat,
    sessions,
    vault,
    issuer,
    apps,
    wechatHosts: options.wechatHosts,
    wechatTimeoutMs,
    trustedProxies,
    limits: createLimits(),
    ...observed,
  })
  const publicSurface = createPublicSurface({
    db,
    login,
    phones,
    members,
    sessions,
    signingKeys,
    corsOrigins,
    tokens: backEnds.tokens,
    requireClient: backEnds.requireClient,
    backEndMembers: backEnds.backEndMembers,
    introspect: backEnds.introspect,
    ...observed,
  })
  const operations = createOperationsSurface({
    health,
    version: manifest.version,
    documented: [publicSurface, ...backEnds.surfaces],
    ...observed,
  })
  const surfaces = [publicSurface, ...backEnds.surfaces, operations]
  const dispatch = createDispatcher(surfaces, publicSurface)
  const refuseHost = createHostGuard(options.allowedHosts, () => newId(clock.now()))

  const housekeep = createBackground(createHousekeeping({ db, clock, ledger }), logger)
  const timer = setInterval(() => void work.track(housekeep()), HOUSEKEEPING_INTERVAL_MS)
  timer.unref()

  const hold = (held: Promise<unknown>) => void work.track(held)
  let isClosed = false
  return {
    fetch: async (request, connection = {}) => {
      if (isClosed) throw new Error('this Haoma is closed')
      const refused = refuseHost(request)
      if (refused) return refused
      const bindings = { peerIp: peerAddress(connection), hold }
      return work.track(Promise.resolve(dispatch(request, bindings)))
    },
    surfaces,
    clients: backEnds.clients,
    housekeep: () => work.track(housekeep()),
    close: async () => {
      if (isClosed) return
      isClosed = true
      clearInterval(timer)
      await work.ended()
      await backEnds.close()
      if (!options.wechat) await wechat.close()
      await db.close()
    },
  }
}

/** With what tests look at: the routes as the router has them. */
interface AssembledHaoma extends Haoma {
  surfaces: readonly Surface[]
}

interface AssembleParts {
  options: HaomaOptions
  keyRing: ReturnType<typeof createKeyRing>
  db: Database
  /** For tests that have less time than a user. */
  codePolicy?: Partial<CodePolicy>
}
