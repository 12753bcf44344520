import type { Clock } from './clock.ts'
import { isWxError, WxApiError, WxUsageError } from './errors/index.ts'
import { createFlight, type Flight } from './internal/flight.ts'
import { waitFor } from './internal/wait.ts'
import { type AppConfig, checkAppConfig, type WeChatOptions } from './options.ts'
import { reveal } from './secret.ts'
import { plainCause } from './transport/plain-cause.ts'

/** Asks the user's `resolveApp`. */
export interface AppLookup {
  /**
   * Gives the settings of an app. Callers of one app share a question; one that is not answered in time dies.
   *
   * @throws WxUsageError when there is no such app, or what came cannot be used
   */
  ask(appid: string): Promise<AppConfig>
  /** Whether so much time has passed since the app was last asked about that its secret may be asked for again. */
  mayAskAgain(appid: string): boolean
  forget(appid: string): void
}

// Shorter than the shortest pause of a circuit, so that each try of the circuit asks once.
const askAgainAfterMs = 20_000

/**
 * @param resolveApp - the function of the user, if there is one
 * @param deps - time, and how long an answer may take
 */
export function createAppLookup(
  resolveApp: WeChatOptions['resolveApp'],
  deps: { clock: Clock; timeoutMs: number },
): AppLookup {
  const { clock, timeoutMs } = deps
  const flights = new Map<string, Flight<AppConfig>>()
  const askedAtMs = new Map<string, number>()

  async function look(appid: string): Promise<AppConfig> {
    const wait = { deadlineAtMs: clock.monotonic() + timeoutMs, signal: undefined }
    const config = await waitFor(answer(appid), wait, clock).catch((error) => {
      throw isOwn(error) ? error : lookupFailed(appid, error)
    })
    if (config === undefined || config === null) throw new WxUsageError('ERR_WX_APP_NOT_REGISTERED', appid)
    const checked = checkAppConfig(config)
    if (checked.appid !== appid) {
      throw new WxUsageError('ERR_WX_BAD_OPTION', `resolveApp gave another app than ${appid}`)
    }
    return checked
  }

  // A function that throws at once is one that rejects.
  async function answer(appid: string): Promise<AppConfig | undefined> {
    return resolveApp?.(appid)
  }

  return {
    ask(appid) {
      const flight = flights.get(appid) ?? createFlight({ clock, longestMs: timeoutMs })
      flights.set(appid, flight)
      const land = () => {
        if (flight.current() === undefined) flights.delete(appid)
      }
      return flight.join(() => look(appid)).finally(land)
    },
    mayAskAgain(appid) {
      if (resolveApp === undefined) return false
      const now = clock.monotonic()
      if (now - (askedAtMs.get(appid) ?? Number.NEGATIVE_INFINITY) < askAgainAfterMs) return false
      askedAtMs.set(appid, now)
      return true
    },
    forget(appid) {
      askedAtMs.delete(appid)
    },
  }
}

/** Whether two settings of an app hold the same secret. */
export function isSameSecret(one: AppConfig, other: AppConfig): boolean {
  const text = ({ appSecret }: AppConfig) => (appSecret === undefined ? undefined : reveal(appSecret))
  return text(one) === text(other)
}

const secretErrcodes = new Set([40013, 40125, 41004, 40243])

/**
 * Whether WeChat refused the appid or the AppSecret: they may have been changed where the user keeps them.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
 */
export function isSecretRefused(error: unknown): boolean {
  return error instanceof WxApiError && secretErrcodes.has(error.errcode)
}

function isOwn(error: unknown): boolean {
  return isWxError(error) && error.code !== 'ERR_WX_TIMEOUT'
}

function lookupFailed(appid: string, error: unknown): WxUsageError {
  return new WxUsageError('ERR_WX_RESOLVE_APP', appid, plainCause(error))
}
