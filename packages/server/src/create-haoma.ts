import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@haoma/protocol'
import { createWeChat, type WeChat } from '@haoma/wechat'
import manifest from '../package.json' with { type: 'json' }
import { databasePath } from './config/database-url.ts'
import { type ConfiguredApp, DEFAULT_DATABASE_URL } from './config/environment.ts'
import { ensureMasterKey } from './config/master-key.ts'
import { createKeyRing } from './crypto/key-ring.ts'
import { createKeyedHash } from './crypto/keyed-hash.ts'
import { createBackground, createHousekeeping } from './exchange/housekeeping.ts'
import { type CodePolicy, createSpendCode } from './exchange/spend-code.ts'
import { type Clock, systemClock } from './kernel/clock.ts'
import { createUuidV7 } from './kernel/ids.ts'
import { createLogger, type Logger } from './kernel/logger.ts'
import { createLedgerWriter } from './ledger/entries.ts'
import { createMemberService } from './members/service.ts'
import { createPhoneVault } from './numbers/vault.ts'
import { createHealthService } from './operations/health.ts'
import { createAccessTokens } from './sessions/access-token.ts'
import { createRefreshTokens } from './sessions/refresh-token.ts'
import { createSessionService, type SessionPolicy } from './sessions/service.ts'
import { loadSigningKeys } from './sessions/signing-keys.ts'
import type { Database } from './stores/database.ts'
import { openSqliteDatabase } from './stores/sql/database.ts'
import { createApp } from './surfaces/surfaces.ts'
import { createPhoneService } from './ways/wechat/bind-phone.ts'
import { createLoginService } from './ways/wechat/login.ts'

export interface HaomaOptions {
  /** Mini programs the service serves. Others may come from {@link HaomaOptions.wechat}. */
  apps?: readonly ConfiguredApp[]
  /** Hosts of WeChat's API, first choice first. Default is WeChat's own. */
  wechatHosts?: readonly string[]
  /** A client of your own, instead of `wechatHosts`: another token store, secrets from elsewhere. You close it. */
  wechat?: WeChat
  /** Longest time one call to WeChat may take, in milliseconds. Default is 8000. */
  wechatTimeoutMs?: number
  /** `sqlite:PATH` or `:memory:`. Default is `sqlite:.haoma/haoma.db`. */
  databaseUrl?: string
  /** 32 bytes. Default is the key in {@link HaomaOptions.masterKeyFile}. */
  masterKey?: Buffer
  /** Where the master key is, and is made on the first start. Default is `.haoma/master.key`. */
  masterKeyFile?: string
  /** `iss` of access tokens. Default is `haoma`. */
  issuer?: string
  /** Lifetimes of sessions. Default: access token 15 minutes, idle session 30 days, grace of a rotation 60 s. */
  session?: Partial<SessionPolicy>
  /** Open-platform account that unionids belong to, if there is more than one. Default is `*`. */
  unionidScope?: string
  /** Origins of H5 pages that may call. Default is none. */
  corsOrigins?: readonly string[]
  /** A pino logger. Default writes JSON lines to standard output. */
  logger?: Logger
  clock?: Clock
}

export interface Haoma {
  /** Answers a request. Mounts in anything that speaks Web-standard requests. */
  fetch(request: Request): Promise<Response>
  /** Ends the codes whose life is over. Runs by itself in the background; for platforms that freeze in between. */
  housekeep(): Promise<void>
  /** Lets running requests end, then closes everything that was opened. */
  close(): Promise<void>
}

const WECHAT_TIMEOUT_MS = 8000
const READINESS_TIMEOUT_MS = 3000
const HOUSEKEEPING_INTERVAL_MS = 30_000
/** A code dies at WeChat 5 minutes after the tap; ours is remembered a little longer than any clock is off. */
const CODE_MARGIN_MS = 60_000

const defaultSessionPolicy: SessionPolicy = {
  accessTtlS: 15 * 60,
  idleTtlS: 30 * 86_400,
  rotationGraceS: 60,
}

/**
 * Makes a login service: opens the database and brings it up to date, loads the keys, and gives a handler.
 * WeChat is not needed for that; while it cannot be reached, `/readyz` says so and logins answer `retry`.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function createHaoma(options: HaomaOptions = {}): Promise<Haoma> {
  const keyRing = createKeyRing([
    options.masterKey ?? ensureMasterKey(options.masterKeyFile ?? '.haoma/master.key'),
  ])
  const db = await openSqliteDatabase(databasePath(options.databaseUrl ?? DEFAULT_DATABASE_URL))
  try {
    return await assemble({ options, keyRing, db })
  } catch (error) {
    await db.close()
    throw error
  }
}

/**
 * Gives each part what it needs. Beside {@link createHaoma}, the one place that names implementations.
 *
 * @internal
 */
export async function assemble({ options, keyRing, db, codePolicy }: AssembleParts): Promise<Haoma> {
  const {
    apps = [],
    clock = systemClock,
    logger = createLogger(),
    wechatTimeoutMs = WECHAT_TIMEOUT_MS,
  } = options
  const newId = createUuidV7
  const wechat =
    options.wechat ?? createWeChat({ apps, ...(options.wechatHosts && { hosts: options.wechatHosts }) })
  const policy = { ...defaultSessionPolicy, ...options.session }
  const keys = await loadSigningKeys(db.signingKeys, { keys: keyRing, nowMs: clock.now() })

  const vault = createPhoneVault(keyRing)
  const ledger = createLedgerWriter(newId)
  const members = createMemberService({
    phones: vault,
    clock,
    newId,
    unionidScope: options.unionidScope ?? '*',
  })
  const sessions = createSessionService({
    db,
    accessTokens: createAccessTokens(keys, { issuer: options.issuer ?? 'haoma', ttlS: policy.accessTtlS }),
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
  const phones = createPhoneService({ db, wechat, spendCode, members, phones: vault, clock, wechatTimeoutMs })
  const login = createLoginService({ db, wechat, spendCode, members, phones, sessions, wechatTimeoutMs })
  const health = createHealthService({
    db,
    wechat,
    appids: apps.map(({ appid }) => appid),
    clock,
    timeoutMs: READINESS_TIMEOUT_MS,
  })
  const app = createApp({
    ...{ db, login, phones, members, sessions, keys, health, logger, clock, newId },
    corsOrigins: options.corsOrigins ?? [],
    version: manifest.version,
  })

  const running = new Set<Promise<unknown>>()
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    running.add(work)
    return work.finally(() => running.delete(work))
  }
  const housekeep = createBackground(createHousekeeping({ db, clock, ledger }), logger)
  const timer = setInterval(() => void tracked(housekeep()), HOUSEKEEPING_INTERVAL_MS)
  timer.unref()

  let isClosed = false
  return {
    fetch: async (request) => {
      if (isClosed) throw new Error('this Haoma is closed')
      return tracked(Promise.resolve(app.fetch(request)))
    },
    housekeep: () => tracked(housekeep()),
    close: async () => {
      if (isClosed) return
      isClosed = true
      clearInterval(timer)
      await Promise.allSettled(running)
      if (!options.wechat) await wechat.close()
      await db.close()
    },
  }
}

interface AssembleParts {
  options: HaomaOptions
  keyRing: ReturnType<typeof createKeyRing>
  db: Database
  /** For tests that have less time than a user. */
  codePolicy?: Partial<CodePolicy>
}
