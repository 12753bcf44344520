import { setTimeout as sleep } from 'node:timers/promises'
import manifest from '../package.json' with { type: 'json' }
import type { Administrators } from './admin/administrators.ts'
import type { PasswordCost } from './admin/passwords.ts'
import { type AppCalls, createAppCalls } from './apps/app-calls.ts'
import { createAppTokens } from './apps/app-tokens.ts'
import { createBudgets } from './apps/budgets.ts'
import { createTokenHistory } from './apps/token-history.ts'
import { assembleAdmin } from './assembly/admin.ts'
import { assembleAlerts } from './assembly/alerts.ts'
import { assembleApps, connectApps } from './assembly/apps.ts'
import { assembleBackEnds, WECHAT_HOSTS } from './assembly/back-ends.ts'
import { assembleCodes, STORING_MS } from './assembly/codes.ts'
import { keyRingOf, openDatabase } from './assembly/database.ts'
import { createFrontDoor } from './assembly/front-door.ts'
import { assembleGuards } from './assembly/guards.ts'
import { assembleJournal } from './assembly/journal.ts'
import { assembleLedger } from './assembly/ledger.ts'
import { assemblePeople, type People } from './assembly/people.ts'
import { assembleSms } from './assembly/sms.ts'
import { assembleWebhooks } from './assembly/webhooks.ts'
import type { KeyRing } from './crypto/key-ring.ts'
import { createEmbedded, type Embedded } from './embedded.ts'
import type { ExchangePolicy } from './exchange/spend.ts'
import { createTell, type Tell, withCommittedEvents } from './hooks.ts'
import type { Connection } from './http/connection.ts'
import { createMonthsJob } from './jobs/months.ts'
import { createRetentionJob } from './jobs/retention.ts'
import { createJobRunner } from './jobs/runner.ts'
import { systemClock } from './kernel/clock.ts'
import { createUuidV7 } from './kernel/ids.ts'
import { createLogger } from './kernel/logger.ts'
import { createRunningWork } from './kernel/running-work.ts'
import { loadTracing, noTracing, type Tracing } from './kernel/tracing.ts'
import { createTellLogin, withLoginHook } from './login-hook.ts'
import { withOffers } from './login-offers.ts'
import { createHealthService } from './operations/health.ts'
import { measuredDatabase } from './operations/measured-database.ts'
import { createMetrics } from './operations/metrics.ts'
import { defaults, type HaomaOptions } from './options.ts'
import { createExpiredSessionsJob } from './sessions/expired-sessions-job.ts'
import { createKeyRotationJob } from './sessions/key-rotation.ts'
import type { Actor } from './stores/audit-store.ts'
import type { Database } from './stores/database.ts'
import { createConsoleSurface } from './surfaces/console/surface.ts'
import { createOperationsSurface } from './surfaces/operations/surface.ts'
import { createPublicSurface } from './surfaces/public/surface.ts'
import { createDispatcher, type Surface } from './surfaces/surface.ts'
import type { ClientRegistry } from './tokens/clients.ts'
import { createKeepUsers } from './ways/back-end/keep-users.ts'
import type { Webhooks } from './webhooks/webhooks.ts'

export interface Haoma extends Embedded {
  /**
   * Answers a request. Mounts in anything that speaks Web-standard requests.
   *
   * @param connection - Who is at the other end, as the host knows it. `@hono/node-server` hands it over by itself.
   */
  fetch(request: Request, connection?: Connection): Promise<Response>
  /**
   * The same for the administrators' side alone, where `admin.isApart` takes that off {@link Haoma.fetch}: for a listener
   * that only they can reach. Everything else is not there.
   */
  adminFetch(request: Request, connection?: Connection): Promise<Response>
  /** Apps that people sign in to; those of the database can be changed while the service runs. */
  apps: AppCalls
  /** Who may administer the service. */
  administrators: Administrators
  /** Back ends that may call with an id and a secret. */
  clients: ClientRegistry
  /** Systems that are told of what happens. */
  webhooks: Webhooks
  /** Runs every job now. They run by themselves in the background; this is for platforms that freeze in between. */
  housekeep(): Promise<void>
  /** From now on `/readyz` says 503, so that a balancer sends nobody new. Everything goes on being answered. */
  drain(): void
  /**
   * Takes no new requests (they are answered 503), lets running ones end and what WeChat said be stored, and closes
   * everything that was opened. Takes {@link Haoma.stopWithinMs} at most; a second call waits for the first.
   */
  close(): Promise<void>
  /** Longest time that {@link Haoma.close} takes, in milliseconds: the longest login. A process is given more than that to stop. */
  readonly stopWithinMs: number
}

/** What a program does that mounts the service. */
const embedding: Actor = { actorKind: 'system', actorId: 'embedding', ip: null, requestId: null }

const READINESS_TIMEOUT_MS = 3000

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
  const tracing = await loadTracing()
  const db = await openDatabase(options, tracing)
  try {
    const keyRing = await keyRingOf(options, db)
    const haoma = await assemble({ options, keyRing, db, tracing })
    haoma.startJobs()
    return haoma
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
export async function assemble({
  options,
  keyRing,
  db: plainDb,
  exchangePolicy,
  longestAnswerMs,
  passwordCost,
  tracing = noTracing,
}: AssembleParts): Promise<AssembledHaoma> {
  const {
    basePath = defaults.basePath,
    clock = systemClock,
    corsOrigins = defaults.corsOrigins,
    issuer = defaults.issuer,
    logger = createLogger(),
    wechatTimeoutMs = defaults.wechatTimeoutMs,
  } = options
  const hooks = options.hooks ?? {}
  const listeners: Tell[] = []
  const newId = createUuidV7
  const metrics = createMetrics({
    clock,
    version: manifest.version,
    jobs: () => plainDb.jobs.list(),
    pool: plainDb.pool,
  })
  const db = measuredDatabase(
    options.hooks || options.memberStore ? withCommittedEvents(plainDb, listeners) : plainDb,
    metrics,
    tracing,
  )
  const work = createRunningWork()
  /** Answers without an end are closed when nobody new is taken. */
  const draining = new AbortController()
  const rooms = { db, keyRing, logger, clock, newId }
  const known = await assembleApps({ options, ...rooms })
  const { directory } = known
  const people = await assemblePeople({ options, apps: known, ...rooms })
  const { join, members, sessions, signingKeys, vault } = people

  const { dispatcher, ...webhooks } = assembleWebhooks({
    db,
    keyRing,
    vault,
    policy: { ...defaults.webhooks, ...options.webhooks },
    clock,
    logger,
    newId,
  })

  // Nothing that has to be closed is opened before the last thing that may fail.
  const tokenHistory = createTokenHistory({ store: db.tokenEvents, track: work.track, clock, newId, logger })
  const apps = connectApps({ options, directory, tokenHistory, logger })
  const { wechat } = apps

  const observed = { logger, clock, newId }
  const codes = assembleCodes({
    ...people,
    ...observed,
    db,
    options,
    keyRing,
    apps,
    exchangePolicy,
    track: work.track,
  })
  /** The longest that a login may take and still end well. */
  const answerWithinMs =
    longestAnswerMs ?? Math.max(codes.longestMs, (options.sms?.timeoutMs ?? 0) + STORING_MS)
  const health = createHealthService({
    db,
    wechat,
    listAppids: apps.listMiniPrograms,
    clock,
    timeoutMs: READINESS_TIMEOUT_MS,
  })

  const guards = assembleGuards({
    options,
    db: plainDb,
    logger,
    watch: { refused: metrics.limitRefused, shared: metrics.limitsShared },
  })
  const backEnds = assembleBackEnds({
    db,
    keyRing,
    apps: { ...apps, directory, tokenHistory },
    sessions,
    vault,
    issuer,
    ...codes,
    wechatHosts: options.wechatHosts,
    wechatTimeoutMs,
    limits: guards.limits,
    answerWithinMs,
    ...observed,
  })
  const embedded = createEmbedded({ sessions, ...backEnds })
  const readMember = (id: string) => embedded.members.get(id, { reason: 'hook' })
  const users =
    options.memberStore &&
    createKeepUsers({
      db,
      store: options.memberStore,
      members: backEnds.backEndMembers,
      logger,
      sleep: (ms) => sleep(ms, undefined, { ref: false }),
      hold: (held) => void work.track(held),
    })
  // Users first: a hook finds the user of the member that it is told of.
  listeners.push(...(users ? [users.hear] : []), createTell(hooks, { readMember, logger }))
  const { hasApp } = apps
  const accounts = assembleLedger({
    db,
    keyRing,
    apps,
    ...observed,
    codeLifeMs: codes.codeLifeMs,
    policy: { ...defaults.ledger, ...options.ledger },
  })
  const budgets = createBudgets({
    policyOf: known.policyOf,
    readSpending: accounts.report.spending,
    track: work.track,
    ...observed,
  })
  const { journal, ...logins } = assembleJournal({
    db: plainDb,
    keyRing,
    vault,
    listApps: apps.listMiniPrograms,
    ...observed,
  })
  const tellLogin = createTellLogin({ hooks, readMember, logger })
  const sms = assembleSms({
    ...people,
    ...observed,
    db,
    options,
    keyRing,
    hasApp,
    policyOf: known.policyOf,
    watch: metrics.smsSent,
    tell: hooks.onLogin && tellLogin,
  })
  const publicSurface = createPublicSurface({
    db,
    login: {
      login: withOffers(
        metrics.loginBy(
          'wechat',
          (hooks.onLogin ? withLoginHook(codes.login, tellLogin) : codes.login).login,
        ),
        budgets.offers,
      ),
    },
    sms: { ...sms, login: metrics.loginBy('sms', sms.login) },
    phones: { ...codes.phones, bind: metrics.loginBy('phone', codes.phones.bind) },
    journal,
    vault,
    keyOf: codes.keyOf,
    hasApp,
    telemetry: accounts.telemetry,
    members,
    join,
    sessions,
    signingKeys,
    corsOrigins,
    tokens: backEnds.tokens,
    requireClient: backEnds.requireClient,
    backEndExchange: backEnds.backEndExchange,
    backEndMembers: backEnds.backEndMembers,
    introspect: backEnds.introspect,
    limits: guards.limits,
    answerWithinMs,
    ...observed,
  })
  const alerts = assembleAlerts({
    db,
    keyRing,
    policy: { ...defaults.webhooks, ...options.webhooks },
    outlook: () => accounts.outlook.read(apps.listMiniPrograms()),
    budgetsReached: async () =>
      known.directory
        .list()
        .flatMap(({ appid }) =>
          budgets.use(appid).flatMap((use) => (use.isReached ? [{ appid, ...use }] : [])),
        ),
    differences: accounts.reconciliation.differences,
    ...observed,
  })

  const jobs = [
    ...codes.jobs,
    createExpiredSessionsJob({ db, clock }),
    createKeyRotationJob(people.keyRotation),
    createRetentionJob({ store: db.retention, clock }),
    createMonthsJob({ store: db.months, clock }),
    ...accounts.jobs,
    ...alerts.jobs,
    ...backEnds.jobs,
    ...webhooks.jobs,
    ...(users ? [users.job] : []),
  ]
  const runner = createJobRunner({ jobs, store: db.jobs, clock, logger, owner: newId(clock.now()) })

  const admin = assembleAdmin({
    options,
    db,
    keyRing,
    people,
    apps: {
      ...known,
      check: backEnds.checkApp,
      tokens: createAppTokens({ db, wechat, history: tokenHistory, clock, newId }),
      budgets,
    },
    clientsOf: backEnds.clientsOf,
    webhooksOf: webhooks.webhooksOf,
    runner,
    logins: { ...logins, draining: draining.signal },
    cost: { ...accounts, ledger: db.ledger },
    tariffs: { ...accounts, hasApp },
    sms: sms.look,
    version: manifest.version,
    wechatHosts: options.wechatHosts ?? WECHAT_HOSTS,
    alerts: alerts.alerts,
    limits: guards.limits,
    answerWithinMs,
    passwordCost,
    ...observed,
  })
  const consoleSurface = createConsoleSurface({
    folder: options.consoleFolder,
    ips: admin.policy.ips,
    basePath,
    ...observed,
  })
  const operations = createOperationsSurface({
    health,
    metrics,
    metricsToken: options.metricsToken,
    hasApiKey: admin.hasApiKey,
    version: manifest.version,
    basePath,
    answerWithinMs,
    documented: [publicSurface, ...backEnds.surfaces, admin.surface, consoleSurface],
    ...observed,
  })
  const adminSurfaces = [admin.surface, consoleSurface]
  const otherSurfaces = [publicSurface, ...backEnds.surfaces, operations]
  const surfaces = [...otherSurfaces, ...adminSurfaces]
  const dispatch = createDispatcher(admin.policy.isApart ? otherSurfaces : surfaces, publicSurface)
  const dispatchAdmin = createDispatcher(adminSurfaces, admin.surface)

  const stopWithinMs = Math.max(codes.longestMs, sms.longestMs + STORING_MS)
  const drain = () => {
    health.drain()
    draining.abort()
  }
  let closing: Promise<void> | undefined
  const close = async () => {
    await Promise.race([
      Promise.all([work.ended().then(journal.close), runner.stop(), webhooks.close()]),
      sleep(stopWithinMs, undefined, { ref: false }),
    ])
    await alerts.close()
    await backEnds.close()
    await guards.close()
    await sms.close()
    metrics.close()
    await apps.close()
    await db.close()
  }
  const answer = createFrontDoor({
    options,
    guards,
    tracing,
    work,
    clock,
    newId,
    isClosed: () => closing !== undefined,
  })
  return {
    stopWithinMs,
    fetch: answer(dispatch),
    adminFetch: answer(dispatchAdmin),
    ...embedded,
    surfaces,
    startJobs: () => {
      directory.start()
      runner.start()
      dispatcher.start()
      journal.start()
    },
    people,
    apps: createAppCalls({ ...known, check: backEnds.checkApp, actor: embedding }),
    administrators: admin.administrators,
    clients: backEnds.clients,
    webhooks: webhooks.webhooks,
    drain,
    housekeep: async () => {
      for (const { name } of jobs) await work.track(runner.runNow(name))
      await work.track(dispatcher.run())
      await work.track(journal.flush())
    },
    close: () => {
      drain()
      closing ??= close()
      return closing
    },
  }
}

/** With what tests look at, the routes as the router has them, and what they leave alone. */
interface AssembledHaoma extends Haoma {
  /** Jobs run by themselves from now on. */
  startJobs(): void
  surfaces: readonly Surface[]
  people: People
}

interface AssembleParts {
  options: HaomaOptions
  keyRing: KeyRing
  db: Database
  /** For tests that have less time than a user. */
  exchangePolicy?: Partial<ExchangePolicy>
  /** Default is how long a login may take. */
  longestAnswerMs?: number | undefined
  passwordCost?: PasswordCost
  /** Default is none. */
  tracing?: Tracing
}
