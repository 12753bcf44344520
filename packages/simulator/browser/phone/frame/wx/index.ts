import type { Host } from '../../host.ts'
import type { App, AppEvent, LaunchOptions } from '../app.ts'
import type { Pages } from '../pages.ts'
import { createAbsent } from './absent.ts'
import { createAccount } from './account.ts'
import { createAnimation } from './animation.ts'
import { apiSince, canIUse, isOlder } from './base-library.ts'
import { withCallbacks } from './callback.ts'
import { createIdle, givesObject } from './idle.ts'
import { createInterface } from './interface.ts'
import { createMedia } from './media.ts'
import { createNavigation } from './navigation.ts'
import { createPermissions } from './permissions.ts'
import { createFind, createQueries } from './query.ts'
import { getRandomValues } from './random-values.ts'
import { createRequest } from './request.ts'
import { createStorage } from './storage.ts'
import { createSystem } from './system.ts'
import { unsupportedApis } from './unsupported.ts'

interface WxOptions {
  host: Host
  app: App
  pages: Pages
  launch: LaunchOptions
  /** WeChat tells the theme only to mini programs with `darkmode`. */
  toldTheme(): 'light' | 'dark' | undefined
  /** Tags of the components that are played. */
  tags: readonly string[]
  fileUrl(source: string): string
  unsupported(what: string): void
}

type Functions = Record<string, (...values: never[]) => unknown>

/** Events whose absence changes nothing: they never happen on this phone. */
const silentEvents = [
  'AudioInterruptionBegin',
  'AudioInterruptionEnd',
  'KeyboardHeightChange',
  'MemoryWarning',
  'MenuButtonBoundingClientRectWeightChange',
  'NetworkStatusChange',
  'NetworkWeakChange',
  'UserCaptureScreen',
  'WindowResize',
  'LazyLoadError',
]

const appEvents: AppEvent[] = [
  'AppShow',
  'AppHide',
  'Error',
  'UnhandledRejection',
  'PageNotFound',
  'ThemeChange',
]

/** Every function of `wx` that the phone page plays. */
export function createSupported(options: WxOptions): Functions {
  const { host, app, pages, launch } = options
  const storage = createStorage(`haoma:${host.appid}:${host.user}:`, window.localStorage)
  const system = createSystem(host, options.toldTheme)
  const account = createAccount(host.device)
  const async: Functions = {
    ...storage.async,
    ...system.async,
    ...account.async,
    ...createInterface(host, options.fileUrl),
    ...createNavigation(pages),
    ...createPermissions(),
    getRandomValues,
    reportEvent: () => undefined,
    // Everything is here already.
    preloadAssets: () => undefined,
    preDownloadSubpackage: () => undefined,
    preloadWebview: () => undefined,
  }
  return {
    ...Object.fromEntries(
      Object.entries(async).map(([name, run]) => [name, withCallbacks(name, run as never)]),
    ),
    ...storage.sync,
    ...system.sync,
    ...account.sync,
    ...createQueries(pages),
    ...createMedia(options.fileUrl, createFind(pages)),
    createAnimation,
    ...listeners(app),
    request: createRequest(host),
    nextTick: (run: () => void) => queueMicrotask(run),
    getLaunchOptionsSync: () => launch,
    getEnterOptionsSync: () => launch,
    getUpdateManager: createUpdateManager,
    getLogManager: () => createLogger(host),
    getRealtimeLogManager: () => createLogger(host),
    getPerformance: () => ({
      now: () => performance.now(),
      createObserver: () => ({ observe() {}, disconnect() {} }),
    }),
    getApiCategory: () => ({ apiCategory: 'default' }),
    reportAnalytics: () => undefined,
    reportMonitor: () => undefined,
    reportPerformance: () => undefined,
    setEnableDebug: () => undefined,
  }
}

/**
 * The `wx` object. A function that WeChat has and this page has not exists, reports itself and fails; a name
 * that WeChat does not know is absent, so that feature tests come out as on a phone.
 */
export function createWx(options: WxOptions): Record<string, unknown> {
  const supported = createSupported(options)
  const wx: Record<string, unknown> = { ...supported, env: { USER_DATA_PATH: 'http://usr' } }
  for (const name of unsupportedApis) {
    if (wx[name] !== undefined) continue
    const fail = withCallbacks(name, () => {
      throw new Error('not played by the phone page')
    })
    wx[name] = (...values: unknown[]) => {
      options.unsupported(`wx.${name}`)
      if (/Sync$|^(on|off)[A-Z]/.test(name)) return undefined
      if (givesObject(name)) return createIdle(`wx.${name}()`)
      const result = fail(values[0] as never)
      // `wx.uploadFile` and the like give a task when callbacks are passed.
      return result ?? createIdle(`wx.${name}()`)
    }
  }
  Object.assign(wx, createAbsent(options.unsupported))
  const { baseLibrary } = options.host.facts()
  for (const [name, since] of Object.entries(apiSince)) if (isOlder(baseLibrary, since)) delete wx[name]
  wx.canIUse = (schema: unknown) => canIUse(String(schema), { ...options, wx, supported, baseLibrary })
  return wx
}

function listeners(app: App): Functions {
  const functions: Functions = {}
  for (const event of appEvents) {
    functions[`on${event}`] = (listener: never) => app.on(event, listener)
    functions[`off${event}`] = (listener: never) => app.off(event, listener)
  }
  for (const event of silentEvents) {
    functions[`on${event}`] = () => undefined
    functions[`off${event}`] = () => undefined
  }
  return functions
}

function createUpdateManager() {
  return {
    onCheckForUpdate: (listener: (result: { hasUpdate: boolean }) => void) => {
      setTimeout(() => listener({ hasUpdate: false }))
    },
    onUpdateReady: () => undefined,
    onUpdateFailed: () => undefined,
    applyUpdate: () => undefined,
  }
}

function createLogger(host: Host) {
  const write =
    (level: 'log' | 'info' | 'warn' | 'error' | 'debug') =>
    (...values: unknown[]) =>
      host.log({ level, text: values.map(String).join(' ') })
  return {
    log: write('log'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    debug: write('debug'),
    setFilterMsg: () => undefined,
    addFilterMsg: () => undefined,
  }
}
