import type { AppSettings } from '@haoma/protocol/admin'
import { type AppConfig, createWeChat, isWxError } from '@haoma/wechat'
import type { Clock } from '../kernel/clock.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { NewId } from '../kernel/ids.ts'
import type { AppChange, AppKind, AppStore, StoredApp } from '../stores/app-store.ts'
import { auditEntry } from '../stores/audit-entry.ts'
import type { Actor, AuditStore } from '../stores/audit-store.ts'
import { StoreConflictError } from '../stores/errors.ts'
import type { AppSecretBox, AppSecrets } from './app-secrets.ts'
import { checkSettings } from './app-settings.ts'
import type { App, AppDirectory } from './directory.ts'
import { isOwnAppid, ownAppidTexts } from './own-appid.ts'

/** A new app of the database. */
export interface NewApp extends AppSecrets {
  appid: string
  /** Default is `mp-weixin`. */
  kind?: AppKind | undefined
  name: string
  settings?: AppSettings | undefined
}

/** What is changed of an app; what is not named stays. */
export interface AppEdit {
  name?: string | undefined
  appSecret?: string | undefined
  /** `null` takes the keys away. */
  apiSecurity?: AppSecrets['apiSecurity'] | null
  /** Replaces all settings. */
  settings?: AppSettings | undefined
  isEnabled?: boolean | undefined
}

/** Changes the apps of the database, with a line in the audit each. Every process follows within 5 seconds. */
export interface AppRegistry {
  /**
   * @throws {HaomaError} `NAME_TAKEN` when the appid is served already, `BAD_REQUEST` naming what makes no sense.
   */
  add(app: NewApp, actor: Actor): Promise<App>
  /**
   * Also for an app of the environment, but for its secret. `undefined` when there is no such app.
   *
   * @throws {HaomaError} `NOT_POSSIBLE_NOW` for a secret that the environment has, `BAD_REQUEST`.
   */
  change(appid: string, edit: AppEdit, actor: Actor): Promise<App | undefined>
}

interface RegistryStores {
  apps: AppStore
  audit: AuditStore
}

export interface AppRegistryParts {
  db: { transaction<T>(work: (stores: RegistryStores) => Promise<T>): Promise<T> }
  directory: AppDirectory
  box: AppSecretBox
  clock: Clock
  newId: NewId
}

/** In the place of a secret that is not looked at. */
const NO_SECRET = '0'.repeat(32)
const SECRET_SHAPE = /^[0-9a-f]{32}$/i

export function createAppRegistry({ db, directory, box, clock, newId }: AppRegistryParts): AppRegistry {
  const line = (action: string, appid: string, actor: Actor, details: Record<string, unknown>) =>
    auditEntry(actor, { action, target: { kind: 'app', id: appid }, details }, { newId, nowMs: clock.now() })

  const present = async (appid: string): Promise<App> => {
    await directory.refresh()
    const app = directory.get(appid)
    if (!app) throw new Error('an app was stored and is not there')
    return app
  }

  return {
    add: async (given, actor) => {
      const { appid, kind = 'mp-weixin', settings = {}, ...rest } = given
      const name = rest.name.trim()
      checkAppid(appid, kind)
      const secrets = checkSecrets(appid, kind, rest)
      if (kind === 'mp-weixin' && secrets.appSecret === undefined) {
        throw wrong('appSecret', '小程序需要 AppSecret / a mini program needs its AppSecret')
      }
      const checked = settingsOf(settings)
      if (await directory.find(appid)) throw new HaomaError('NAME_TAKEN')
      const nowMs = clock.now()
      const app: StoredApp = {
        appid,
        kind,
        name,
        secretSealed: box.seal(appid, secrets),
        settings: JSON.stringify(checked),
        isEnabled: true,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      }
      const details = { kind, name, settings: checked, secrets: namesOf(secrets) }
      try {
        await db.transaction(async ({ apps, audit }) => {
          await apps.add(app)
          await audit.add([line('app.add', appid, actor, details)])
        })
      } catch (error) {
        if (error instanceof StoreConflictError) throw new HaomaError('NAME_TAKEN', { cause: error })
        throw error
      }
      return present(appid)
    },

    change: async (appid, edit, actor) => {
      const known = await directory.find(appid)
      if (!known) return undefined
      const given = checkSecrets(appid, known.kind, { ...edit, apiSecurity: edit.apiSecurity ?? undefined })
      if (edit.appSecret !== undefined && known.secretFrom === 'environment') {
        throw new HaomaError('NOT_POSSIBLE_NOW', { text: secretOfEnvironment })
      }
      const settings = edit.settings && settingsOf(edit.settings)
      await db.transaction(async ({ apps, audit }) => {
        const nowMs = clock.now()
        const stored = await apps.lock(appid)
        const before = stored ?? rowOf(known, nowMs)
        const kept = box.open(appid, before.secretSealed)
        const secrets = { ...kept, ...given, ...(edit.apiSecurity === null && { apiSecurity: undefined }) }
        const isSecret = Object.keys(given).length > 0 || edit.apiSecurity === null
        const change: AppChange = {
          updatedAtMs: nowMs,
          ...(edit.name !== undefined && { name: edit.name.trim() }),
          ...(settings && { settings: JSON.stringify(settings) }),
          ...(edit.isEnabled !== undefined && { isEnabled: edit.isEnabled }),
          ...(isSecret && { secretSealed: box.seal(appid, secrets) }),
        }
        if (stored) await apps.change(appid, change)
        else await apps.add({ ...before, ...change })
        const { name, isEnabled } = edit
        const details = { name, isEnabled, settings, secrets: isSecret ? namesOf(secrets) : undefined }
        await audit.add([line('app.change', appid, actor, details)])
      })
      return present(appid)
    },
  }
}

/** An app of the environment gets a row when something is set for it. */
const rowOf = ({ appid, kind, name }: App, nowMs: number): StoredApp => ({
  appid,
  kind,
  name,
  secretSealed: null,
  settings: '{}',
  isEnabled: true,
  createdAtMs: nowMs,
  updatedAtMs: nowMs,
})

/** What the audit tells of secrets: which there are. */
const namesOf = ({ appSecret, apiSecurity }: AppSecrets): string[] => [
  ...(appSecret === undefined ? [] : ['appSecret']),
  ...(apiSecurity === undefined ? [] : ['apiSecurity']),
]

const secretOfEnvironment = {
  zh: '该应用的 AppSecret 来自环境变量 HAOMA_APPS（或代码），以它为准：请在那里修改并重启。',
  en: 'The AppSecret of this app comes from HAOMA_APPS (or from code), which wins: change it there and start again.',
}

const wrong = (path: string, message: string) =>
  new HaomaError('BAD_REQUEST', { issues: [{ path, message }] })

function settingsOf(settings: AppSettings): AppSettings {
  try {
    return checkSettings(settings)
  } catch (error) {
    if (error instanceof TypeError) throw wrong('settings', error.message)
    throw error
  }
}

/** The secrets that were given, in a shape that can work; the SDK itself says what cannot. */
function checkSecrets(appid: string, kind: AppKind, { appSecret, apiSecurity }: AppSecrets): AppSecrets {
  if (appSecret === undefined && apiSecurity === undefined) return {}
  if (kind !== 'mp-weixin') {
    throw wrong('appSecret', '只有小程序有 AppSecret / only a mini program has an AppSecret')
  }
  const secret = appSecret?.trim()
  if (secret !== undefined && !SECRET_SHAPE.test(secret)) {
    throw wrong(
      'appSecret',
      'AppSecret 应为 32 位十六进制，在公众平台「开发管理 → 开发设置」中 / an AppSecret is 32 hex digits, from the console',
    )
  }
  askTheSdk({ appid, appSecret: secret ?? NO_SECRET, apiSecurity })
  return { ...(secret !== undefined && { appSecret: secret }), ...(apiSecurity && { apiSecurity }) }
}

function checkAppid(appid: string, kind: AppKind): void {
  if (kind === 'mp-weixin') askTheSdk({ appid, appSecret: NO_SECRET })
  else if (!isOwnAppid(appid)) throw wrong('appid', `${ownAppidTexts.zh} / ${ownAppidTexts.en}`)
}

function askTheSdk(config: AppConfig): void {
  const transport = { request: () => Promise.reject(new Error('nothing is sent to check an app')) }
  try {
    createWeChat({ apps: [config], transport })
  } catch (error) {
    if (!isWxError(error)) throw error
    throw wrong('appid', `${error.texts.zh} / ${error.texts.en}`)
  }
}
