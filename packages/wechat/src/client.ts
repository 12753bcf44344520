import { createDefaultTransport } from '#default-transport'
import { createTokenManager, type TokenEvents } from './access-token/manager.ts'
import { legacySource } from './access-token/sources/legacy.ts'
import { stableSource } from './access-token/sources/stable.ts'
import type { TokenCall } from './access-token/sources/token-call.ts'
import { guardStore, type StoreHealth } from './access-token/store-guard.ts'
import { createMemoryTokenStore } from './access-token/stores/memory.ts'
import type { TokenSource } from './access-token/types.ts'
import { type ApiCalls, createApiCalls } from './api-calls.ts'
import { createApiSecurity } from './api-security/index.ts'
import { type App, type AppAccess, type AppHealth, type AppRuntime, createApp, requireSecret } from './app.ts'
import { systemClock } from './clock.ts'
import { badOption } from './errors/bad-option.ts'
import { isWxError, WxUsageError } from './errors/index.ts'
import { type Caller, callWithoutToken, startWait } from './internal/caller.ts'
import { checkSecret } from './internal/check.ts'
import { type Wait, waitFor } from './internal/wait.ts'
import { type AppConfig, checkAppConfig, checkOptions, type WeChatOptions } from './options.ts'
import { checkAppid } from './pasted.ts'
import { createAppLookup, isSameSecret, isSecretRefused } from './resolve-app.ts'
import type { SecretInput } from './secret.ts'
import { createTelemetry } from './telemetry/telemetry.ts'
import { guardTransport } from './transport/guard.ts'
import { createHosts, defaultHosts } from './transport/hosts.ts'
import { plainCause } from './transport/plain-cause.ts'

/** State of a client, without asking anyone. */
export interface WeChatHealth {
  /** Whether every app has a token or no reason not to get one, the store answers and a host is left. */
  readonly ok: boolean
  readonly apps: readonly AppHealth[]
  readonly store: StoreHealth
  readonly hosts: readonly { readonly host: string; readonly resting: boolean }[]
}

/** A client for any number of mini programs. */
export interface WeChat {
  /**
   * Gives the handle of an app.
   *
   * @throws WxUsageError `ERR_WX_APP_NOT_REGISTERED` when the app is not registered and there is no `resolveApp`;
   * with `resolveApp` it is the calls that reject
   */
  app(appid: string): App
  /** Adds an app, or replaces its settings: handles already given go on with the new ones. */
  registerApp(config: AppConfig): App
  /**
   * Forgets an app and its token, and stops its timers. A store that other processes share keeps the token for them.
   */
  unregisterApp(appid: string): void
  /** Whether an app is registered, or `resolveApp` finds it. */
  hasApp(appid: string): Promise<boolean>
  /**
   * Makes calls with a token that the caller manages itself: nothing is cached, refreshed or repeated.
   *
   * @param accessToken - the token
   * @param options - the appid of the token; when given, watermarks are checked and API security applies
   */
  withAccessToken(accessToken: SecretInput, options?: { readonly appid?: string | undefined }): ApiCalls
  health(): WeChatHealth
  /** Ends timers, lets calls in flight finish and closes connections. Later calls reject with `ERR_WX_CLOSED`. */
  close(): Promise<void>
}

/**
 * Creates a client for WeChat's server API.
 *
 * @example
 * const wechat = createWeChat({ apps: [{ appid: 'wx…', appSecret: process.env.APP_SECRET }] })
 * const { openid } = await wechat.app('wx…').code2Session({ loginCode })
 * @throws WxUsageError `ERR_WX_BAD_OPTION` naming the option that is not valid
 */
export function createWeChat(options: WeChatOptions = {}): WeChat {
  const { apps, timeoutMs, tokenTimeoutMs, storeTimeoutMs, tokenFetchesPerHour } = checkOptions(options)
  const clock = { ...systemClock, ...options.clock }
  const transport = options.transport ? guardTransport(options.transport) : createDefaultTransport()
  const telemetry = createTelemetry(clock)
  const random = Math.random
  const deps = {
    clock,
    random,
    telemetry,
    hosts: createHosts(options.hosts ?? defaultHosts, { transport, clock }),
    timeoutMs,
  }
  const ownStore = createMemoryTokenStore({ clock })
  const store = guardStore(options.tokenStore ?? ownStore, {
    clock,
    timeoutMs: storeTimeoutMs,
    events: {
      storeDown: (details) => telemetry.emit('store.down', details),
      storeRecovered: () => telemetry.emit('store.recovered', {}),
    },
  })
  const runtimes = new Map<string, AppRuntime>()
  const handles = new Map<string, App>()
  const lookup = createAppLookup(options.resolveApp, { clock, timeoutMs })
  let isClosed = false

  function sourceOf(config: AppConfig, isResolved: boolean): TokenSource {
    const { appid } = config
    const chosen = config.tokenSource ?? options.tokenSource ?? 'stable'
    if (typeof chosen === 'function') return madeSource(() => chosen({ appid, transport, clock }))
    if (typeof chosen === 'object') return chosen
    const call: TokenCall = (endpoint, timeoutMs, input) =>
      callWithoutToken({ endpoint, input, wait: startWait({ timeoutMs }, deps) }, { appid }, deps)
    const source = (chosen === 'legacy' ? legacySource : stableSource)(requireSecret(config), call)
    if (!isResolved) return source
    return {
      ...source,
      async fetch(request) {
        const wait = { deadlineAtMs: clock.monotonic() + request.timeoutMs * 0.9, signal: undefined }
        try {
          return await source.fetch(request)
        } catch (error) {
          // A changed secret makes a new source, which then answers in this one's place.
          await findChanged(appid, error, wait).catch(() => undefined)
          throw error
        }
      },
    }
  }

  function eventsOf(appid: string): TokenEvents {
    return {
      refreshed: (details) => telemetry.emit('token.refreshed', { appid, ...details }),
      refreshFailed: (details) => telemetry.emit('token.refresh-failed', { appid, ...details }),
      circuitOpened: (details) => telemetry.emit('circuit.opened', { appid, ...details }),
      budgetExceeded: (details) => telemetry.emit('token.budget-exceeded', { appid, ...details }),
    }
  }

  function register(given: AppConfig, isResolved = false): AppRuntime {
    const config = checkAppConfig(given)
    const { appid } = config
    const source = sourceOf(config, isResolved)
    const security = config.apiSecurity && createApiSecurity({ ...config.apiSecurity, appid })
    const earlier = runtimes.get(appid)
    earlier?.tokens.changeSource(source)
    const tokens =
      earlier?.tokens ??
      createTokenManager({
        ...{ appid, source, store, ownStore, clock, random },
        fetchTimeoutMs: tokenTimeoutMs,
        fetchesPerHour: tokenFetchesPerHour,
        events: eventsOf(appid),
      })
    const runtime = { config, tokens, caller: { appid, tokens, security }, isResolved }
    runtimes.set(appid, runtime)
    return runtime
  }

  function find(appid: string, wait: Wait): AppRuntime | Promise<AppRuntime> {
    assertOpen()
    return runtimes.get(appid) ?? waitFor(resolve(appid), wait, clock)
  }

  function assertOpen(): void {
    if (isClosed) throw new WxUsageError('ERR_WX_CLOSED')
  }

  async function resolve(appid: string): Promise<AppRuntime> {
    const config = await lookup.ask(appid)
    assertOpen()
    return runtimes.get(appid) ?? register(config, true)
  }

  async function findChanged(appid: string, error: unknown, wait: Wait): Promise<AppRuntime | undefined> {
    const present = runtimes.get(appid)
    if (!isSecretRefused(error) || present?.isResolved !== true) return undefined
    if (!lookup.mayAskAgain(appid)) return undefined
    const config = await waitFor(lookup.ask(appid), wait, clock)
    // Somebody may have registered, forgotten or closed it meanwhile.
    if (isClosed || runtimes.get(appid) !== present || isSameSecret(config, present.config)) return undefined
    return register(config, true)
  }

  const accessTo = (appid: string): AppAccess => ({
    find: (wait) => find(appid, wait),
    known: () => runtimes.get(appid),
    findChanged: (error, wait) => findChanged(appid, error, wait),
  })

  function app(appid: string): App {
    if (!runtimes.has(appid) && options.resolveApp === undefined) {
      throw new WxUsageError('ERR_WX_APP_NOT_REGISTERED', appid)
    }
    const handle = handles.get(appid) ?? createApp(appid, accessTo(appid), deps)
    // What nobody has registered is not kept: appids may come from outside, any number of them.
    if (runtimes.has(appid)) handles.set(appid, handle)
    return handle
  }

  for (const config of apps) register(config)

  return {
    app,
    registerApp(config) {
      register(config)
      return app(config.appid)
    },
    unregisterApp(appid) {
      runtimes.get(appid)?.tokens.close()
      runtimes.delete(appid)
      handles.delete(appid)
      lookup.forget(appid)
      // A store that is shared keeps the token: it is the other processes' too.
      ownStore.forget(appid)
    },
    async hasApp(appid) {
      if (runtimes.has(appid)) return true
      try {
        await find(appid, startWait(undefined, deps))
        return true
      } catch (error) {
        if (error instanceof WxUsageError && error.code === 'ERR_WX_APP_NOT_REGISTERED') return false
        throw error
      }
    },
    withAccessToken(accessToken, { appid } = {}) {
      const value = checkSecret('accessToken', accessToken)
      if (appid !== undefined) checkAppid('appid', appid)
      const token = { value, query: `access_token=${encodeURIComponent(value)}` }
      const security = appid === undefined ? undefined : runtimes.get(appid)?.caller.security
      const caller: Caller = { appid, security, tokens: { peek: () => token, get: async () => token } }
      return createApiCalls(() => {
        assertOpen()
        return caller
      }, deps)
    },
    health() {
      const apps = [...runtimes].map(([appid, { tokens }]) => ({ appid, ...tokens.health() }))
      const hosts = deps.hosts.health()
      const storeHealth = store.health()
      const ok =
        storeHealth.state === 'ok' &&
        hosts.some((host) => !host.resting) &&
        apps.every((state) => state.token !== 'none' || state.lastError === undefined)
      return { ok, apps, store: storeHealth, hosts }
    },
    async close() {
      if (isClosed) return
      isClosed = true
      for (const { tokens } of runtimes.values()) tokens.close()
      await Promise.all([store.close(), options.transport === undefined ? transport.close?.() : undefined])
    },
  }
}

/** A source that a function of the user makes. */
function madeSource(make: () => TokenSource): TokenSource {
  try {
    const source = make()
    if (typeof source?.fetch === 'function') return source
  } catch (error) {
    if (isWxError(error)) throw error
    throw badOption('tokenSource', mustMakeSource, plainCause(error))
  }
  throw badOption('tokenSource', mustMakeSource)
}

const mustMakeSource = { en: 'must give a source with a fetch function', zh: '应返回带有 fetch 函数的来源' }
