import type { AppConfig, SecretInput, WeChat } from '@haoma/wechat'
import type { AdminPolicy } from './admin/policy.ts'
import type { AppPolicy, SessionPolicy } from './apps/app-policy.ts'
import type { LimitOverrides } from './guards/policies.ts'
import type { Hooks } from './hooks.ts'
import type { Clock } from './kernel/clock.ts'
import type { Logger } from './kernel/logger.ts'
import { type LedgerPolicy, ledgerDefaults } from './ledger/policy.ts'
import type { SigningAlgorithm } from './sessions/signing-key.ts'
import type { DatabaseTls } from './stores/sql/postgres/pool.ts'
import type { UserStore } from './ways/back-end/user-store.ts'
import type { SmsOptions } from './ways/sms/policy.ts'
import type { WebhookPolicy } from './webhooks/webhooks.ts'

interface NamedApp {
  /** WeChat's name of a mini program; for other apps a name of yours, such as `shop-h5`. It is the audience of sessions. */
  appid: string
  /** For people: in logs and on pages. Default is none. */
  name?: string
  /** What holds for this app alone: known members only, countries, lifetimes … Default is what holds for all. */
  policy?: AppPolicy
}

/** A mini program the service serves. */
export interface MiniProgram extends NamedApp {
  kind?: 'mp-weixin'
  appSecret: SecretInput
  /** Keys of WeChat's API security, when it is switched on for the app. Default is none. */
  apiSecurity?: AppConfig['apiSecurity']
}

/** An H5 page or an app on a phone, whose users sign in by SMS. */
export interface AppWithoutWeChat extends NamedApp {
  kind: 'h5' | 'app'
}

export type ConfiguredApp = MiniProgram | AppWithoutWeChat

/** Those that WeChat knows. */
export function miniProgramsOf(apps: readonly ConfiguredApp[]): MiniProgram[] {
  return apps.filter((app): app is MiniProgram => app.kind !== 'h5' && app.kind !== 'app')
}

/** What a service can be told. Nothing has to be. */
export interface HaomaOptions {
  /**
   * Apps the service serves: mini programs, and H5 pages and apps that sign in by SMS. Other mini programs may come from
   * {@link HaomaOptions.wechat}. Default is none.
   */
  apps?: readonly ConfiguredApp[]
  /** Hosts of WeChat's API, first choice first. Default is WeChat's own. */
  wechatHosts?: readonly string[]
  /** A client of your own, instead of `wechatHosts`: another token store, secrets from elsewhere. You close it. */
  wechat?: WeChat
  /** Longest time one call to WeChat may take, in milliseconds. Default is 8000. */
  wechatTimeoutMs?: number
  /**
   * `sqlite:PATH`, `:memory:` or `postgres://user:password@host:port/database`, where `?sslmode=verify-full` and
   * `sslrootcert=PATH` ask for TLS. Default is `sqlite:.haoma/haoma.db`.
   */
  databaseUrl?: string
  /** Most connections to PostgreSQL of this process. Default is 10. */
  databasePoolSize?: number
  /** TLS to PostgreSQL in code, as `node:tls` takes it. Default is what the address says. */
  databaseTls?: DatabaseTls
  /** 32 bytes, or their base64. Default is the key in {@link HaomaOptions.masterKeyFile}. */
  masterKey?: Buffer | SecretInput
  /** Where the master key is, and is made on the first start. Default is `.haoma/master.key`. */
  masterKeyFile?: string
  /**
   * Whether WeChat is told whose a phone code must be, so that it refuses one of somebody else. Default is true; a WeChat
   * that refuses the openid itself (47001) is asked once more without it.
   */
  bindOpenid?: boolean
  /** Master keys of before, which open what they sealed and seal nothing; see `rekeyNumbers`. Default is none. */
  oldMasterKeys?: readonly (Buffer | SecretInput)[]
  /** `iss` of access tokens. Default is `haoma`. */
  issuer?: string
  /** Lifetimes of sessions, and how many a member may have. Default: see {@link SessionPolicy}. */
  session?: Partial<SessionPolicy>
  /** Algorithm of access tokens. A change takes effect with the next key, ten minutes later. Default is `ES256`. */
  signingAlgorithm?: SigningAlgorithm
  /** Open-platform account that unionids belong to, if there is more than one. Default is `*`. */
  unionidScope?: string
  /**
   * Path under which the handler is mounted in an application of yours, such as `/auth`: it is taken off every address,
   * and the OpenAPI document names it. Default is none.
   */
  basePath?: string
  /** Functions of yours that are told of logins, numbers and merges after they are stored. Default is none. */
  hooks?: Hooks
  /**
   * A user table of your own, kept in step with the members: at once after each commit, and again by a job until it
   * worked. Default is none.
   */
  memberStore?: UserStore
  /**
   * Addresses and CIDR ranges of proxies whose `X-Forwarded-For` and `X-Request-Id` are believed, such as `10.0.0.0/8`.
   * Default is none.
   */
  trustedProxies?: readonly string[]
  /**
   * `redis://host:port` or `rediss://…`, where all processes count limits together. Default is none: each process counts
   * for itself, as it also does while Redis is away.
   */
  redisUrl?: string
  /**
   * Where limits are counted without Redis. `process`: each process for itself. `database`: all processes together, in
   * PostgreSQL, with a statement for each limit of a request; while it is away each counts for itself. Default is `process`.
   */
  limitsIn?: 'process' | 'database'
  /** Numbers of single limits, by name (`guards/policies.ts`), or `false` to switch one off. Default is the table. */
  limits?: LimitOverrides
  /**
   * Who shows it as a bearer token may read `/metrics` and the details of `/readyz`, at least 16 characters. Default is
   * none: then only callers on the machine itself may.
   */
  metricsToken?: SecretInput
  /** Folder of the built console, served at `/console`; `false` serves none. Default is that of `@haoma/console`. */
  consoleFolder?: string | false
  /** Origins of H5 pages that may call. Default is none. */
  corsOrigins?: readonly string[]
  /**
   * Names by which the service may be asked for, without ports, IPv6 in brackets; others get 421. Default is every name.
   */
  allowedHosts?: readonly string[]
  /** From where administrators may come, and how long they stay signed in. Default: see {@link AdminPolicy}. */
  admin?: Partial<AdminPolicy>
  /** The way in by SMS: who sends, and its limits. Default is none. */
  sms?: SmsOptions
  /** Where webhooks may be sent, and how long one may take. Default is the public internet only, and 15 s. */
  webhooks?: Partial<WebhookPolicy>
  /** Products whose balance is read, and how many single events of buttons are kept. Default: see {@link LedgerPolicy}. */
  ledger?: Partial<LedgerPolicy>
  /** A pino logger. Default writes JSON lines to standard output. */
  logger?: Logger
  /** Time as the service sees it, for tests. Default is the machine's. */
  clock?: Clock
}

/** {@link HaomaOptions}, and where to listen. */
export interface ServeOptions extends HaomaOptions {
  /** 0 takes a free one. Default is 4000. */
  port?: number
  /** Address to listen on. Default is every address of the machine. */
  hostname?: string
  /**
   * Where `/admin` and `/console` are answered, and nowhere else: an address of their own. Default is where everything
   * is.
   */
  adminListen?: { port: number; hostname?: string }
}

/** Every default, once. */
export const defaults = {
  port: 4000,
  apps: [],
  bindOpenid: true,
  wechatTimeoutMs: 8000,
  databaseUrl: 'sqlite:.haoma/haoma.db',
  databasePoolSize: 10,
  masterKeyFile: '.haoma/master.key',
  oldMasterKeys: [],
  issuer: 'haoma',
  session: {},
  signingAlgorithm: 'ES256',
  unionidScope: '*',
  basePath: '',
  trustedProxies: [],
  corsOrigins: [],
  webhooks: { allowedNetworks: [], timeoutMs: 15_000 },
  ledger: ledgerDefaults,
} as const satisfies ServeOptions
