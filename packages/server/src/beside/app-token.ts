import { type AccessToken, createWeChat, isWxError } from '@haoma/wechat'
import { systemClock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import { createUuidV7 } from '../kernel/ids.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import { type AppsOptions, openDirectory } from './apps.ts'
import { commandLine } from './open.ts'

/** The access token that WeChat gives an app now. */
export interface AppTokenNow extends AccessToken {
  /** When a process of the service last fetched one; `null` when none has. */
  fetchedAtMs: number | null
}

/** The access tokens of apps, and the connection they were opened on. */
export interface OpenAppTokens {
  /**
   * Asks WeChat for the token that it gives everybody now: none is replaced by asking. `undefined` when there is no such
   * app.
   *
   * @param isShown - Whether somebody will see the token. Then the audit says so first.
   * @throws {HaomaError} `NOT_POSSIBLE_NOW` for an app that WeChat does not know, or that is off; `TOKEN_UNAVAILABLE`.
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html
   */
  read(appid: string, isShown: boolean): Promise<AppTokenNow | undefined>
  close(): Promise<void>
}

/**
 * Opens the access tokens of a service's apps for a program beside it, such as a command.
 *
 * @throws {MasterKeyMismatchError} When the database was made with another master key.
 * @throws {StoreUnavailableError} When the database cannot be opened.
 */
export async function openAppTokens(options: AppsOptions = {}): Promise<OpenAppTokens> {
  const { db, directory, transport, close } = await openDirectory(options)
  const auditShown = (appid: string) => {
    const shown = { action: 'app.token-show', target: { kind: 'app', id: appid } }
    return db.audit.add([auditEntry(commandLine, shown, { newId: createUuidV7, nowMs: systemClock.now() })])
  }
  return {
    read: async (appid, isShown) => {
      if (!(await directory.find(appid))) return undefined
      const config = directory.configOf(appid)
      if (!config) throw new HaomaError('NOT_POSSIBLE_NOW', { text: noToken })
      if (isShown) await auditShown(appid)
      const wechat = createWeChat({ apps: [config], hosts: options.wechatHosts, transport })
      try {
        const token = await wechat.app(appid).getAccessToken()
        const [fetched] = await db.tokenEvents.list(appid, { limit: 1, kind: 'fetched' })
        return { ...token, fetchedAtMs: fetched?.atMs ?? null }
      } catch (cause) {
        if (!isWxError(cause)) throw cause
        throw new HaomaError('TOKEN_UNAVAILABLE', { cause, text: cause.texts })
      } finally {
        await wechat.close()
      }
    },
    close,
  }
}

const noToken = {
  zh: '只有启用中的小程序有 access_token。',
  en: 'Only a mini program that is on has an access token.',
}
