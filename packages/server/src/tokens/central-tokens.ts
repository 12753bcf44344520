import { type AccessToken, type WeChat, WxApiError, WxUsageError } from '@haoma/wechat'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logger.ts'

/** An access token of WeChat's, and the seconds for which it may be used. */
export interface GrantedToken {
  accessToken: string
  expiresInS: number
}

/** The one place that talks to WeChat about access tokens. Each call may throw `UNKNOWN_APP`, `TOKEN_UNAVAILABLE`. */
export interface CentralTokens {
  /** The token in hand, from memory while it lives. */
  current(appid: string): Promise<GrantedToken>
  /** A token other than the one that WeChat refused; fetched only when nobody has a newer one. */
  other(appid: string, failedToken: string): Promise<GrantedToken>
  /**
   * The token for a caller who cannot say that one failed. It was compared with WeChat's own in the last 5 seconds
   * (normal mode, which replaces nothing), so whoever asks again after a 40001 gets the token that took its place. It
   * is granted for four minutes: a token that is replaced lives five minutes more, so a caller that keeps it for as
   * long as it was told never uses a dead one.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
   */
  checked(appid: string): Promise<GrantedToken>
  /** Fetches a token where there is none and compares it with WeChat's own. */
  keepWarm(appid: string): Promise<void>
}

/** Asks WeChat for its token of an app in normal mode. `undefined` when this process does not have the AppSecret. */
export type ReadSourceToken = (appid: string) => Promise<string | undefined>

export interface CentralTokensParts {
  wechat: WeChat
  readSourceToken: ReadSourceToken
  /** Told of what people want to know. Default is nobody. */
  history?: { replaced(appid: string): void; failed(appid: string, error: unknown): void }
  clock: Clock
  logger: Logger
}

/** WeChat's overlap of two tokens is 300 s; the rest is for the check, the way, and clocks. */
const GRANT_S = 240
const CHECK_EVERY_MS = 5000

export function createCentralTokens({
  wechat,
  readSourceToken,
  history,
  clock,
  logger,
}: CentralTokensParts): CentralTokens {
  const checks = new Map<string, { accessToken: string; atMs: number; running: Promise<void> | undefined }>()

  const ask = async (appid: string, how: (app: ReturnType<WeChat['app']>) => Promise<AccessToken>) => {
    try {
      const { accessToken, expiresInS } = await how(wechat.app(appid))
      return { accessToken: accessToken.reveal(), expiresInS }
    } catch (thrown) {
      throw tokenError(thrown)
    }
  }
  const current = (appid: string) => ask(appid, (app) => app.getAccessToken())
  const other = (appid: string, failedToken: string) =>
    ask(appid, (app) => app.refreshAccessToken(failedToken))

  const compare = async (appid: string, accessToken: string): Promise<void> => {
    try {
      const sourceToken = await readSourceToken(appid)
      if (sourceToken === accessToken) return
      if (sourceToken !== undefined) history?.replaced(appid)
      await other(appid, accessToken)
    } catch (err) {
      // The token in hand may well live; that WeChat is away is no reason to withhold it.
      logger.debug({ appid, err }, 'the access token could not be compared with that of WeChat')
    }
  }

  const check = (appid: string, accessToken: string): Promise<void> | undefined => {
    const last = checks.get(appid)
    if (last?.running !== undefined) return last.running
    const isDue = last !== undefined && Math.abs(clock.now() - last.atMs) >= CHECK_EVERY_MS
    // A token that is new to us has just come from WeChat, or from a process that had it from there.
    if (last?.accessToken === accessToken && !isDue) return undefined
    const entry = { accessToken, atMs: clock.now(), running: undefined as Promise<void> | undefined }
    checks.set(appid, entry)
    if (!isDue) return undefined
    entry.running = compare(appid, accessToken).finally(() => {
      entry.running = undefined
    })
    return entry.running
  }

  return {
    current,
    other,
    checked: async (appid) => {
      const inHand = await current(appid)
      const checking = check(appid, inHand.accessToken)
      if (checking !== undefined) await checking
      const { accessToken, expiresInS } = checking === undefined ? inHand : await current(appid)
      return { accessToken, expiresInS: Math.min(expiresInS, GRANT_S) }
    },
    keepWarm: async (appid) => {
      const inHand = await current(appid).catch((error) => {
        history?.failed(appid, error)
        throw error
      })
      await compare(appid, inHand.accessToken)
    },
  }
}

function tokenError(thrown: unknown): HaomaError {
  if (thrown instanceof WxUsageError && thrown.code === 'ERR_WX_APP_NOT_REGISTERED') {
    return new HaomaError('UNKNOWN_APP', { cause: thrown })
  }
  const wechat =
    thrown instanceof WxApiError
      ? { errcode: thrown.errcode, ...(thrown.rid !== undefined && { rid: thrown.rid }) }
      : undefined
  return new HaomaError('TOKEN_UNAVAILABLE', { cause: thrown, wechat, retryAfterS: 1 })
}
