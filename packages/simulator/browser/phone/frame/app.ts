/** What `onLaunch`, `onShow` and `wx.getLaunchOptionsSync` tell. */
export interface LaunchOptions {
  path: string
  query: Record<string, string>
  scene: number
  shareTicket: string | undefined
  referrerInfo: object
  apiCategory: 'default'
}

/** Opened from the list of recently used mini programs. */
export const sceneRecent = 1001

type AppDefinition = Record<string, unknown>
type Listener = (value: unknown) => void

/** Events of the app that `wx.on…` listens to. */
export type AppEvent = 'AppShow' | 'AppHide' | 'Error' | 'UnhandledRejection' | 'PageNotFound' | 'ThemeChange'

/** The one `App({…})` of a mini program. */
export interface App {
  define(definition: AppDefinition): void
  /** `getApp()`. */
  instance(): AppDefinition | undefined
  launch(options: LaunchOptions): void
  show(options: LaunchOptions): void
  hide(): void
  emit(event: AppEvent, value: unknown): void
  on(event: AppEvent, listener: Listener): void
  off(event: AppEvent, listener?: Listener): void
}

const methodOf: Record<AppEvent, string> = {
  AppShow: 'onShow',
  AppHide: 'onHide',
  Error: 'onError',
  UnhandledRejection: 'onUnhandledRejection',
  PageNotFound: 'onPageNotFound',
  ThemeChange: 'onThemeChange',
}

/** Keeps the app's instance and everyone who listens to it. */
export function createApp(onError: (error: unknown) => void): App {
  const listeners = new Map<AppEvent, Set<Listener>>()
  let instance: AppDefinition | undefined

  const call = (name: string, value: unknown) => {
    const method = instance?.[name]
    if (typeof method === 'function') attempt(() => method.call(instance, value))
  }
  const attempt = (run: () => void) => {
    try {
      run()
    } catch (error) {
      onError(error)
    }
  }
  const emit: App['emit'] = (event, value) => {
    call(methodOf[event], value)
    for (const listener of listeners.get(event) ?? []) attempt(() => listener(value))
  }

  return {
    define(definition) {
      instance = definition
    },
    instance: () => instance,
    launch: (options) => call('onLaunch', options),
    show: (options) => emit('AppShow', options),
    hide: () => emit('AppHide', { reason: 0 }),
    emit,
    on(event, listener) {
      const all = listeners.get(event) ?? new Set()
      listeners.set(event, all.add(listener))
    },
    off(event, listener) {
      if (listener) listeners.get(event)?.delete(listener)
      else listeners.delete(event)
    },
  }
}
