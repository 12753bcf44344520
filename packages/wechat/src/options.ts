import type { TokenSource, TokenStore } from './access-token/types.ts'
import type { ApiSecurityConfig } from './api-security/index.ts'
import type { Clock } from './clock.ts'
import { badOption } from './errors/bad-option.ts'
import { checkObject, checkTime, rules } from './internal/check.ts'
import { checkAppid, checkAppSecret } from './pasted.ts'
import { createSecret, type SecretInput } from './secret.ts'
import type { Transport } from './transport/types.ts'

/** What a token source may use of its client. */
export interface TokenSourceTools {
  readonly appid: string
  readonly transport: Transport
  readonly clock: Clock
}

/**
 * Where the tokens of an app come from: WeChat's stable token, its older one, a source made by
 * `functionSource` or `haomaSource`, or one of yours.
 */
export type TokenSourceOption = 'stable' | 'legacy' | TokenSource | ((tools: TokenSourceTools) => TokenSource)

/** One mini program. */
export interface AppConfig {
  readonly appid: string
  /** Needed by `code2Session` and by the token sources `stable` and `legacy`. Space around it is taken off. */
  readonly appSecret?: SecretInput | undefined
  /** For people. Not sent anywhere. */
  readonly name?: string | undefined
  /** Default is the client's, which is `stable`. */
  readonly tokenSource?: TokenSourceOption | undefined
  /**
   * Keys of the console's page 开发管理 → 开发设置 → API安全. When set, every call that supports it is signed and
   * encrypted.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/getting_started/api_signature.html
   */
  readonly apiSecurity?: Omit<ApiSecurityConfig, 'appid'> | undefined
}

/** Options of {@link createWeChat}. */
export interface WeChatOptions {
  /** Apps that are known from the start. */
  readonly apps?: readonly AppConfig[] | undefined
  /**
   * Finds an app that is not registered, so that secrets stay where you keep them. Asked
   * once per app, and again when WeChat refuses its secret.
   */
  readonly resolveApp?:
    | ((appid: string) => Promise<AppConfig | undefined> | AppConfig | undefined)
    | undefined
  /** Shares tokens between processes. Default is the memory of this one. */
  readonly tokenStore?: TokenStore | undefined
  /** Where tokens come from. Default is `stable`. */
  readonly tokenSource?: TokenSourceOption | undefined
  /**
   * API hosts in the order of preference; the next is tried when a connection cannot be opened.
   * Default is `https://api.weixin.qq.com`, then `https://api2.weixin.qq.com`.
   */
  readonly hosts?: readonly string[] | undefined
  /** What carries the bytes. Default is undici on Node and `fetch` elsewhere. */
  readonly transport?: Transport | undefined
  /** Time for a call that names none, in milliseconds, below 2147483648. Default is 10000 (10 seconds). */
  readonly timeoutMs?: number | undefined
  /** Time for one token fetch, repeats and failover included, in milliseconds. Default is 5000 (5 seconds). */
  readonly tokenTimeoutMs?: number | undefined
  /** Time for one answer of the token store, in milliseconds. Default is 1000 (1 second). */
  readonly storeTimeoutMs?: number | undefined
  /** Token fetches that this process may make per app and hour. Default is 1000 (stable) or 60 (legacy). */
  readonly tokenFetchesPerHour?: number | undefined
  /** Time, for tests. Default is the machine's. */
  readonly clock?: Partial<Clock> | undefined
}

/** Gives an app as it is used, its secret without space around it; refuses one that cannot work, and says why. */
export function checkAppConfig(config: AppConfig): AppConfig {
  const { appid, appSecret, tokenSource, apiSecurity } = checkObject('an app', config)
  checkAppid('appid', appid)
  if (tokenSource !== undefined) checkTokenSource(tokenSource)
  if (apiSecurity !== undefined) checkObject(`apiSecurity of ${appid}`, apiSecurity)
  if (appSecret === undefined) return config
  return { ...config, appSecret: createSecret(checkAppSecret(`appSecret of ${appid}`, appSecret)) }
}

const storeMethods = ['read', 'acquire', 'renew', 'write', 'release', 'takeForcePermit'] as const

/** The options of a client with its defaults; refuses what is not valid by name. */
export function checkOptions(options: WeChatOptions) {
  const { apps = [], resolveApp, tokenStore, tokenSource, transport, clock } = checkObject('options', options)
  if (!Array.isArray(apps)) throw badOption('apps', { en: 'must be a list', zh: '应为列表' })
  if (resolveApp !== undefined) checkFunction('resolveApp', resolveApp)
  if (tokenStore !== undefined) {
    checkObject('tokenStore', tokenStore)
    for (const method of storeMethods) checkFunction(`${method} of tokenStore`, tokenStore[method])
  }
  if (tokenSource !== undefined) checkTokenSource(tokenSource)
  if (transport !== undefined) {
    checkFunction('request of transport', checkObject('transport', transport).request)
  }
  if (clock !== undefined) checkObject('clock', clock)
  return {
    apps,
    timeoutMs: checkTime('timeoutMs', options.timeoutMs, 10_000),
    tokenTimeoutMs: checkTime('tokenTimeoutMs', options.tokenTimeoutMs, 5000),
    storeTimeoutMs: checkTime('storeTimeoutMs', options.storeTimeoutMs, 1000),
    tokenFetchesPerHour: checkPositive('tokenFetchesPerHour', options.tokenFetchesPerHour),
  }
}

function checkTokenSource(source: unknown): void {
  const isNamed = source === 'stable' || source === 'legacy' || typeof source === 'function'
  if (isNamed || typeof (source as Partial<TokenSource> | null)?.fetch === 'function') return
  throw badOption('tokenSource', {
    en: "must be 'stable', 'legacy' or a source with a fetch function",
    zh: "应为 'stable'、'legacy' 或带有 fetch 函数的来源",
  })
}

function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw badOption(name, rules.function)
}

function checkPositive(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isFinite(value) && value > 0)) return value
  throw badOption(name, rules.number)
}
