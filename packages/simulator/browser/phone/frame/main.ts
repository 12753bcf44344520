import * as easel from 'glass-easel'
import type { Bundle } from '../../../src/phone/bundle.ts'
import type { Frame, Host } from '../host.ts'
import { createApp, type LaunchOptions, sceneRecent } from './app.ts'
import { createComponents } from './code-space.ts'
import { createBuiltins } from './components/index.ts'
import { createConsole, describe } from './console.ts'
import type { Definition } from './definition.ts'
import { adaptEasel } from './events.ts'
import './frame.css'
import { extendInstances } from './instances.ts'
import { createModules, type Modules } from './modules.ts'
import { createPages, homePath, type Pages } from './pages.ts'
import { createWx } from './wx/index.ts'
import { createWxsRuntime } from './wxs/runtime.ts'

declare global {
  interface Window {
    /** Called by the chrome around this frame, once. */
    startMiniProgram?: typeof startMiniProgram
  }
}

/**
 * Runs a compiled mini program in this window.
 *
 * @param startUrl - The page to open, with its query; the home page when empty.
 * @throws Whatever keeps its first page from being shown: `app.js` or the page's own script fails, or there is no
 * such page. Anything else is a line of the console strip.
 */
function startMiniProgram(host: Host, bundle: Bundle, startUrl: string): Frame {
  const reported = new Set<string>()
  const unsupported = (what: string) => {
    if (reported.has(what)) return
    reported.add(what)
    host.log({ level: 'unsupported', text: what })
  }
  const onError = (error: unknown) => {
    host.log({ level: 'error', text: describe(error) })
    app.emit('Error', describe(error))
  }
  const fileUrl = (source: string) => {
    if (/^(https?:|data:|blob:|\/\/)/.test(source)) return source
    return `/phone/files/${source.replace(/^\/+/, '')}`
  }
  const app = createApp(onError)
  // Without `darkmode` in app.json a mini program stays light, whatever the phone is.
  const theme = () => (bundle.app.darkmode === true ? host.facts().theme : 'light')
  document.documentElement.dataset.theme = theme()
  document.documentElement.dataset.style = String(bundle.app.style ?? 'v1')
  listenToErrors({
    onError,
    onMissingObserver: (text) => host.log({ level: 'warn', text }),
    onRejection: (reason) => app.emit('UnhandledRejection', { reason }),
  })
  adaptEasel()
  extendInstances({
    fileUrl,
    onUnsupported: unsupported,
    wx: () => wx,
    tabBar: () => pages.current()?.ownTabBar?.instance,
  })

  // `wx` and the modules need each other; both are complete before any script runs.
  let modules: Modules
  let pages: Pages
  const builtins = createBuiltins({
    device: host.device,
    fileUrl,
    unsupported,
    navigate: (call, options) =>
      void (wx[call] as (options: object) => void)({ ...options, fail: onNavigationFail }),
    chooseFromList: (items, selected) =>
      host.showActionSheet({ alertText: '', items, itemColor: '', selected }),
  })
  const onNavigationFail = ({ errMsg }: { errMsg: string }) => host.log({ level: 'error', text: errMsg })
  const components = createComponents({
    bundle,
    builtins,
    theme: theme(),
    modules: () => modules,
    wxs: createWxsRuntime({ console: createConsole((entry) => host.log(entry)), onError }),
    onUnsupported: unsupported,
    onError,
  })
  pages = createPages({
    bundle,
    components,
    host,
    container: document.body,
    theme,
    onError,
    onLeave: () => host.device.abandon(),
  })
  const launch = readLaunch(startUrl, bundle)
  const wx = createWx({
    host,
    toldTheme: () => (bundle.app.darkmode === true ? theme() : undefined),
    app,
    pages,
    launch,
    fileUrl,
    unsupported,
    tags: Object.keys(builtins),
  })
  const globals = createGlobals({ wx, app, pages, components, host, unsupported })
  modules = createModules(bundle.scripts, globals)

  const attempt = (run: () => void) => {
    try {
      run()
    } catch (error) {
      onError(error)
    }
  }
  modules.load('app')
  app.launch(launch)
  app.show(launch)
  pages.open('appLaunch', startUrl === '' ? `/${homePath(bundle)}` : `/${startUrl.replace(/^\//, '')}`)

  return {
    goBack: () => attempt(() => pages.back(1)),
    goHome: () => attempt(() => pages.open('reLaunch', `/${homePath(bundle)}`)),
    switchTab: (index) => {
      const item = pages.tabBar?.items[index]
      if (item) attempt(() => pages.open('switchTab', `/${item.pagePath}`))
    },
    hide: () => {
      pages.notify('onHide')
      app.hide()
    },
    show: () => {
      app.show(launch)
      pages.notify('onShow')
    },
    themeChanged: () => {
      if (bundle.app.darkmode !== true) return
      document.documentElement.dataset.theme = theme()
      components.styles.setTheme(theme())
      pages.refreshBars()
      app.emit('ThemeChange', { theme: theme() })
    },
  }
}

function readLaunch(startUrl: string, bundle: Bundle): LaunchOptions {
  const [path = '', query = ''] = startUrl.split('?')
  return {
    path: path.replace(/^\//, '') || homePath(bundle),
    query: Object.fromEntries(query.split('&').flatMap((pair) => (pair ? [pair.split('=', 2)] : []))),
    scene: sceneRecent,
    shareTicket: undefined,
    referrerInfo: {},
    apiCategory: 'default',
  }
}

interface Parts {
  wx: Record<string, unknown>
  app: ReturnType<typeof createApp>
  pages: Pages
  components: ReturnType<typeof createComponents>
  host: Host
  unsupported(what: string): void
}

/** What module code sees by name. */
function createGlobals({ wx, app, pages, components, host, unsupported }: Parts): Record<string, unknown> {
  const globals: Record<string, unknown> = {
    wx,
    App: (definition: Definition) => app.define(definition),
    getApp: () => app.instance(),
    getCurrentPages: () => pages.stack(),
    ...components.globals,
    console: createConsole((entry) => host.log(entry)),
    requirePlugin: (name: string) => {
      unsupported(`requirePlugin('${name}')`)
      return {}
    },
    __wxConfig: { accountInfo: { appId: host.appid }, envVersion: 'develop' },
  }
  // `global` is an object of the mini program's own; the window's stays out of reach.
  const global: Record<string, unknown> = { ...globals, Math, Promise, Date, JSON, Object, Array }
  return { ...globals, global, globalThis: global }
}

interface ErrorListeners {
  onError(error: unknown): void
  /** A definition names an observer that it does not have; WeChat goes on without it, and without a word. */
  onMissingObserver(text: string): void
  onRejection(reason: unknown): void
}

function listenToErrors({ onError, onMissingObserver, onRejection }: ErrorListeners): void {
  easel.addGlobalErrorListener((error, method) => {
    const text = error instanceof Error ? error.message : String(error)
    if (method === '[prepare]' && /\bobserver\b/.test(text)) onMissingObserver(text)
    else onError(error)
    return false
  })
  easel.addGlobalWarningListener(() => false)
  window.addEventListener('error', (event) => onError(event.error ?? event.message))
  window.addEventListener('unhandledrejection', (event) => {
    const reason: unknown = event.reason
    const text = (reason as { errMsg?: string } | undefined)?.errMsg ?? describe(reason)
    onError(new Error(`Uncaught (in promise) ${text}`))
    onRejection(reason)
  })
}

window.startMiniProgram = startMiniProgram
