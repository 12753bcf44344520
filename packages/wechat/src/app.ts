import type { LiveToken } from './access-token/live-token.ts'
import type { TokenHealth, TokenManager } from './access-token/manager.ts'
import { type ApiCalls, createApiCalls } from './api-calls.ts'
import { WxUsageError } from './errors/index.ts'
import { type Caller, type CallOptions, callWithoutToken, startWait } from './internal/caller.ts'
import { checkSecret } from './internal/check.ts'
import type { CallerDeps } from './internal/exchange.ts'
import type { Wait } from './internal/wait.ts'
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
  /**
   * Forgets why tokens could not be fetched, so that the next call tries at once: after an IP list or a quota was
   * mended in the console. `registerApp` and the calls that clear a quota do this by themselves.
   */
  retryNow(): void
}

/** What stands behind a handle. */
export interface AppRuntime {
  readonly config: AppConfig
  readonly tokens: TokenManager
  readonly caller: Caller
  /** Whether its settings are those that `resolveApp` gave. */
  readonly isResolved: boolean
}

/** State of one app, for `health()`. */
export interface AppHealth extends TokenHealth {
  readonly appid: string
}

/** How a handle reaches what stands behind it. */
export interface AppAccess {
  /** A promise, which the wait ends, while the app is still being looked up. */
  find(wait: Wait): AppRuntime | Promise<AppRuntime>
  /** What is known without asking anybody. */
  known(): AppRuntime | undefined
  /** After a refused secret: gives the app anew when `resolveApp` has another secret for it by now. */
  findChanged(error: unknown, wait: Wait): Promise<AppRuntime | undefined>
}

/**
 * @param appid - whom the handle speaks for
 * @param access - to what stands behind it
 * @param deps - what all calls of a client share
 */
export function createApp(appid: string, access: AppAccess, deps: CallerDeps): App {
  const calls = createApiCalls((wait) => {
    const found = access.find(wait)
    return found instanceof Promise ? found.then((runtime) => runtime.caller) : found.caller
  }, deps)

  function published(token: LiveToken): AccessToken {
    const leftMs = token.expiresAtMs - deps.clock.monotonic()
    return { accessToken: createSecret(token.value), expiresInS: Math.max(0, Math.floor(leftMs / 1000)) }
  }

  /** Makes a call that carries the AppSecret: once more when the secret was refused and has changed by now. */
  async function withSecret<T>(
    options: CallOptions | undefined,
    use: (secret: SecretInput, wait: Wait) => Promise<T>,
  ): Promise<T> {
    const wait = startWait(options, deps)
    const { config } = await access.find(wait)
    try {
      return await use(requireSecret(config), wait)
    } catch (error) {
      const changed = await access.findChanged(error, wait)
      if (changed === undefined) throw error
      return use(requireSecret(changed.config), wait)
    }
  }

  // A fetch that was refused for its quota makes sense again once the quota is cleared.
  function retryNow(): void {
    access.known()?.tokens.retryNow()
  }

  return Object.freeze<App>({
    appid,
    ...calls,
    code2Session: (input, options) =>
      withSecret(options, async (appSecret, wait) => {
        const request = code2SessionRequest(input, { appid, appSecret })
        const call = { endpoint: jscode2session, input: request, wait }
        return code2SessionResult(await callWithoutToken(call, { appid }, deps))
      }),
    async clearQuotaWithSecret(options) {
      await withSecret(options, async (appSecret, wait) => {
        const { endpoint, request } = clearQuotaWithSecret
        const input = await request({ appid, appSecret: reveal(appSecret) }, appid)
        return callWithoutToken({ endpoint, input, wait }, { appid }, deps)
      })
      retryNow()
    },
    async clearQuota(options) {
      await calls.clearQuota(options)
      retryNow()
    },
    async clearApiQuota(input, options) {
      await calls.clearApiQuota(input, options)
      retryNow()
    },
    async getAccessToken(options) {
      const wait = startWait(options, deps)
      const { tokens } = await access.find(wait)
      return published(tokens.peek() ?? (await tokens.get(wait)))
    },
    async refreshAccessToken(failedToken, options) {
      const failed = checkSecret('failedToken', failedToken)
      const wait = startWait(options, deps)
      const { tokens } = await access.find(wait)
      return published(await tokens.refresh(failed, wait))
    },
    async forceRefresh(options) {
      const wait = startWait(options, deps)
      const { tokens } = await access.find(wait)
      return published(await tokens.force(wait))
    },
    retryNow,
  })
}

/** The AppSecret, or an error that says it is missing. */
export function requireSecret({ appid, appSecret }: AppConfig): SecretInput {
  if (appSecret !== undefined) return appSecret
  throw new WxUsageError('ERR_WX_BAD_OPTION', `this call needs the appSecret of ${appid}`)
}
