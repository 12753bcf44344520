import type { AppConfig } from '@haoma/wechat'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logger.ts'
import type { AppKind, AppStore, StoredApp } from '../stores/app-store.ts'
import type { AppPolicy } from './app-policy.ts'
import type { AppSecretBox, AppSecrets } from './app-secrets.ts'
import { readSettings } from './app-settings.ts'

/** How often a process reads the apps of the database again, in milliseconds. */
const READ_EVERY_MS = 2000
/** What was read longer ago is not believed without reading again: a change takes effect everywhere within 5 seconds. */
const TRUST_MS = 4000

/** An app of the environment (or the options), as it was configured. */
export interface AppOfEnvironment extends Pick<AppConfig, 'appid' | 'name' | 'appSecret' | 'apiSecurity'> {
  /** Default is `mp-weixin`. */
  kind?: AppKind | undefined
  policy?: AppPolicy | undefined
}

/** An app as everybody sees it: environment and database joined. */
export interface App {
  appid: string
  kind: AppKind
  name: string
  source: 'environment' | 'database' | 'both'
  /** Where the AppSecret in use comes from: the environment wins. */
  secretFrom: 'environment' | 'database' | null
  hasApiSecurity: boolean
  /** Nobody comes in by an app that is off; sessions that are open go on. */
  isEnabled: boolean
  /** What the app sets for itself: a field of the database wins over the same one of the options. */
  policy: AppPolicy
  createdAtMs: number | null
  updatedAtMs: number | null
}

/** Which apps there are, from memory. */
export interface AppDirectory {
  /** From what was read last; `undefined` for an app that is not known. */
  get(appid: string): App | undefined
  /** The same, up to 4 seconds old; an app that is not known is looked for in the database. */
  find(appid: string): Promise<App | undefined>
  list(): readonly App[]
  /** What WeChat's client needs of a mini program that is on; `undefined` for every other app. */
  configOf(appid: string): AppConfig | undefined
  /** Reads the apps of the database now. */
  refresh(): Promise<void>
  /** Tells of every app whose {@link AppDirectory.configOf} is another now. */
  onChange(listener: (appid: string, config: AppConfig | undefined) => void): void
  /** Reads again by itself from now on. The timer keeps no process alive. */
  start(): void
  stop(): void
}

export interface AppDirectoryParts {
  environment: readonly AppOfEnvironment[]
  store: Pick<AppStore, 'list'>
  box: AppSecretBox
  clock: Clock
  logger: Logger
}

interface Entry {
  app: App
  config: AppConfig | undefined
  /** Equal for equal configs. */
  mark: string
}

export function createAppDirectory(parts: AppDirectoryParts): AppDirectory {
  const { store, box, clock, logger } = parts
  const environment = new Map(parts.environment.map((app) => [app.appid, app]))
  const listeners: Parameters<AppDirectory['onChange']>[0][] = []
  const opened = new Map<string, { sealed: string | null; secrets: AppSecrets }>()
  let entries = join([])
  let readAtMs = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  function join(stored: readonly StoredApp[]): Map<string, Entry> {
    const byAppid = new Map(stored.map((app) => [app.appid, app]))
    const appids = new Set([...environment.keys(), ...byAppid.keys()])
    return new Map([...appids].map((appid) => [appid, entryOf(environment.get(appid), byAppid.get(appid))]))
  }

  function entryOf(own: AppOfEnvironment | undefined, stored: StoredApp | undefined): Entry {
    const appid = own?.appid ?? stored?.appid ?? ''
    const kept = stored ? open(stored) : {}
    const appSecret = own?.appSecret ?? kept.appSecret
    const apiSecurity = own?.apiSecurity ?? kept.apiSecurity
    const name = stored?.name || own?.name || appid
    const app: App = {
      appid,
      kind: (own ?? stored)?.kind ?? 'mp-weixin',
      name,
      source: own && stored ? 'both' : own ? 'environment' : 'database',
      secretFrom: own?.appSecret ? 'environment' : kept.appSecret ? 'database' : null,
      hasApiSecurity: apiSecurity !== undefined,
      isEnabled: stored?.isEnabled ?? true,
      policy: { ...own?.policy, ...(stored && readSettings(stored.settings)) },
      createdAtMs: stored?.createdAtMs ?? null,
      updatedAtMs: stored?.updatedAtMs ?? null,
    }
    const isOn = app.kind === 'mp-weixin' && app.isEnabled
    const config = isOn ? { appid, name, appSecret, apiSecurity } : undefined
    return { app, config, mark: config === undefined ? '' : markOf({ ...config, ...revealed(appSecret) }) }
  }

  /** What is sealed as it was is not opened again, nor complained of again. */
  function open({ appid, secretSealed }: StoredApp): AppSecrets {
    const known = opened.get(appid)
    if (known && known.sealed === secretSealed) return known.secrets
    const secrets = box.open(appid, secretSealed)
    opened.set(appid, { sealed: secretSealed, secrets })
    return secrets
  }

  const read = async (): Promise<void> => {
    const startedAtMs = clock.now()
    const next = join(await store.list())
    const before = entries
    entries = next
    readAtMs = startedAtMs
    for (const appid of new Set([...before.keys(), ...next.keys()])) {
      if ((before.get(appid)?.mark ?? '') === (next.get(appid)?.mark ?? '')) continue
      for (const listener of listeners) listener(appid, next.get(appid)?.config)
    }
  }

  const refresh = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }

  /** While the database is away, what was read before is better than nothing: whoever comes in writes there anyway. */
  const refreshIfPossible = () =>
    refresh().catch((err) => logger.debug({ err }, 'apps could not be read; those read before are used'))

  return {
    get: (appid) => entries.get(appid)?.app,
    find: async (appid) => {
      const isFresh = Math.abs(clock.now() - readAtMs) < TRUST_MS
      if (!isFresh) await refreshIfPossible()
      else if (!entries.has(appid)) await refresh()
      return entries.get(appid)?.app
    },
    list: () => [...entries.values()].map(({ app }) => app),
    configOf: (appid) => entries.get(appid)?.config,
    refresh,
    onChange: (listener) => void listeners.push(listener),
    start: () => {
      timer ??= setInterval(() => void refreshIfPossible(), READ_EVERY_MS)
      timer.unref()
    },
    stop: () => clearInterval(timer),
  }
}

const revealed = (appSecret: AppConfig['appSecret']): AppSecrets => ({
  appSecret: typeof appSecret === 'object' ? appSecret.reveal() : appSecret,
})

/** Keys of the options may be secrets that do not print; they never change while the process runs. */
const markOf = (config: object): string => JSON.stringify(config)
