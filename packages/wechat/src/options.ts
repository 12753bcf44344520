import type { TokenSource, TokenStore } from './access-token/types.ts'
import type { ApiSecurityConfig } from './api-security/index.ts'
import type { Clock } from './clock.ts'
import { WxUsageError } from './errors/index.ts'
import { reveal, type SecretInput } from './secret.ts'
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
  /** Needed by `code2Session` and by the token sources `stable` and `legacy`. */
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
  /** Finds an app that is not registered, so that secrets stay where you keep them. Asked once per app. */
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
  /** Time for a call that names none, in milliseconds. Default is 10000 (10 seconds). */
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

/** Refuses an app that cannot work, and says why. */
export function checkAppConfig(config: AppConfig): AppConfig {
  const { appid, appSecret } = config
  if (typeof appid !== 'string' || !/^[\w-]{1,64}$/.test(appid)) {
    throw new WxUsageError('ERR_WX_BAD_OPTION', 'appid must look like wx1234567890abcdef')
  }
  if (appSecret !== undefined && reveal(appSecret).trim() === '') {
    throw new WxUsageError('ERR_WX_BAD_OPTION', `appSecret of ${appid} is empty`)
  }
  return config
}

/** Gives a positive number of an option or its default; anything else is refused by name. */
export function positive(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (Number.isFinite(value) && value > 0) return value
  throw new WxUsageError('ERR_WX_BAD_OPTION', `${name} must be a number above 0`)
}
