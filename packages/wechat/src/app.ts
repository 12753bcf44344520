import type { LiveToken } from './access-token/live-token.ts'
import type { TokenHealth, TokenManager } from './access-token/manager.ts'
import { type ApiCalls, createApiCalls } from './api-calls.ts'
import { WxUsageError } from './errors/index.ts'
import { type Caller, type CallOptions, callWithoutToken, startWait } from './internal/caller.ts'
import { checkSecret } from './internal/check.ts'
import type { CallerDeps } from './internal/exchange.ts'
import type { AppConfig } from './options.ts'
import { clearQuotaWithSecret } from './quota/quota.ts'
import { createSecret, reveal, type Secret, type SecretInput } from './secret.ts'
import {
  type Code2SessionInput,
  type Code2SessionResult,
  code2SessionRequest,
  code2SessionResult,
  jscode2session,
} from './session/code2session.ts'

/** An access token to use right away. */
export interface AccessToken {
  readonly accessToken: Secret
  /** Seconds for which the SDK goes on using it. */
  readonly expiresInS: number
}

/**
 * One mini program. The handle never changes which app it speaks for, and holds no secret that can be printed.
 */
export interface App extends ApiCalls {
  readonly appid: string
  /**
   * Exchanges the code of `wx.login` for the user. Needs the AppSecret and no access token.
   *
   * @throws WxUsageError when the code is empty, or is a phone code
   * @throws WxApiError of kind `code` when the client must call `wx.login` again, `user-risk` when WeChat blocks
   * the user
   * @throws WxOutcomeUnknownError when the code was sent and no result arrived
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session.html
   */
  code2Session(input: Code2SessionInput, options?: CallOptions): Promise<Code2SessionResult>
  /**
   * Like {@link ApiCalls.clearQuota}, with the AppSecret in place of an access token: for when the token calls
   * themselves are over their quota. The 10 times a month are shared.
   *
   * @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_clearquotabyappsecret.html
   */
  clearQuotaWithSecret(options?: CallOptions): Promise<void>
  /** Gives the access token, from memory while it lives. */
  getAccessToken(options?: CallOptions): Promise<AccessToken>
  /**
   * Gives an access token other than the one that WeChat refused. Fetches only when nobody has a newer one, so any
   * number of callers with the same dead token cause one fetch.
   *
   * @param failedToken - the token that was refused with 40001, 40014 or 42001
   */
  refreshAccessToken(failedToken: SecretInput, options?: CallOptions): Promise<AccessToken>
  /**
   * Makes WeChat replace the access token at once, as after a leak. Whoever else uses the old one fails until it
   * fetches again. At most 20 times a day, 30 seconds apart, counted across processes through the token store.
   *
   * @throws WxAccessTokenError `ERR_WX_FORCE_REFRESH_LIMIT` beyond that
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
   */
  forceRefresh(options?: CallOptions): Promise<AccessToken>
}

/** What stands behind a handle. */
export interface AppRuntime {
  readonly config: AppConfig
  readonly tokens: TokenManager
  readonly caller: Caller
}

/** State of one app, for `health()`. */
export interface AppHealth extends TokenHealth {
  readonly appid: string
}

/**
 * @param appid - whom the handle speaks for
 * @param find - gives what stands behind it; a promise while the app is still being looked up
 * @param deps - what all calls of a client share
 */
export function createApp(
  appid: string,
  find: () => AppRuntime | Promise<AppRuntime>,
  deps: CallerDeps,
): App {
  function caller(): Caller | Promise<Caller> {
    const found = find()
    return found instanceof Promise ? found.then((runtime) => runtime.caller) : found.caller
  }

  function published(token: LiveToken): AccessToken {
    const leftMs = token.expiresAtMs - deps.clock.monotonic()
    return { accessToken: createSecret(token.value), expiresInS: Math.max(0, Math.floor(leftMs / 1000)) }
  }

  return Object.freeze<App>({
    appid,
    ...createApiCalls(caller, deps),
    async code2Session(input, options) {
      const { config } = await find()
      const request = code2SessionRequest(input, { appid, appSecret: requireSecret(config) })
      const call = { endpoint: jscode2session, input: request, options }
      return code2SessionResult(await callWithoutToken(call, { appid }, deps))
    },
    async clearQuotaWithSecret(options) {
      const { config } = await find()
      const input = await clearQuotaWithSecret.request(
        { appid, appSecret: reveal(requireSecret(config)) },
        appid,
      )
      await callWithoutToken({ endpoint: clearQuotaWithSecret.endpoint, input, options }, { appid }, deps)
    },
    async getAccessToken(options) {
      const wait = startWait(options, deps)
      const { tokens } = await find()
      return published(tokens.peek() ?? (await tokens.get(wait)))
    },
    async refreshAccessToken(failedToken, options) {
      const wait = startWait(options, deps)
      const { tokens } = await find()
      return published(await tokens.refresh(checkSecret('failedToken', failedToken), wait))
    },
    async forceRefresh(options) {
      const wait = startWait(options, deps)
      const { tokens } = await find()
      return published(await tokens.force(wait))
    },
  })
}

/** The AppSecret, or an error that says it is missing. */
export function requireSecret({ appid, appSecret }: AppConfig): SecretInput {
  if (appSecret !== undefined) return appSecret
  throw new WxUsageError('ERR_WX_BAD_OPTION', `this call needs the appSecret of ${appid}`)
}
