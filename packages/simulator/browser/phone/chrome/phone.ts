import { reactive, ref, shallowRef } from 'vue'
import type { Bundle } from '../../../src/phone/bundle.ts'
import { problemLines } from '../../../src/phone/problem-lines.ts'
import { createDevice, type Device } from '../../sheet/index.ts'
import { describe } from '../frame/console.ts'
import type { Frame, Host, LogEntry, NavigationBar, TabBar } from '../host.ts'
import { describeDevice } from './device-facts.ts'
import { createDialogs } from './dialogs.ts'
import type { Settings } from './settings.ts'
import { type SimulatorState, simulator } from './simulator-client.ts'
import { type Language, texts } from './texts.ts'

/** Why there is nothing to run. */
export interface Trouble {
  /** `unreachable` is not tried again by itself. */
  kind: 'cannot-run' | 'unreachable'
  texts: Record<Language, string>
}

/** A line of the strip: when, and how often in a row. */
export interface Line extends LogEntry {
  id: number
  at: string
  count: number
}

const maxLines = 500

/** Everything the page shows, and what the person in front of it can do. */
export function createPhone(settings: Settings) {
  const { dialogs, calls } = createDialogs()
  const view = reactive({
    bar: undefined as NavigationBar | undefined,
    tabBar: undefined as TabBar | undefined,
    page: '',
    hidden: false,
    status: 'loading' as 'loading' | 'running' | 'trouble' | 'asking',
    /** The process behind the page does not answer. */
    gone: false,
    trouble: undefined as Trouble | undefined,
    lines: [] as Line[],
    notice: '',
    state: undefined as SimulatorState | undefined,
  })
  /** Counts starts: a new one is a new frame. */
  const run = ref(0)
  const frame = shallowRef<Frame>()
  const screen = reactive({ width: 375, height: 812, bare: false })
  let device: Device | undefined
  let bundle: Bundle | undefined
  let lineIds = 0
  /** How far the simulator's clock is ahead of the browser's. */
  let aheadMs = 0
  const now = () => Date.now() + aheadMs

  const log = (entry: LogEntry) => {
    const last = view.lines.at(-1)
    if (last && last.level === entry.level && last.text === entry.text) {
      last.count++
      return
    }
    const at = new Date(now()).toTimeString().slice(0, 8)
    view.lines.push({ ...entry, id: ++lineIds, at, count: 1 })
    if (view.lines.length > maxLines) view.lines.shift()
  }
  const trouble = (kind: Trouble['kind'], said: Record<Language, string>) => {
    Object.assign(view, {
      status: 'trouble',
      trouble: { kind, texts: said },
      bar: undefined,
      tabBar: undefined,
    })
  }

  /** Finds out what to run and as whom; on success a new frame is drawn, which calls {@link attach}. */
  const start = async () => {
    if (Object.keys(settings.origins).length > 0 && !isAllowed(settings.origins)) {
      view.status = 'asking'
      return
    }
    dialogs.dismissAll()
    device?.dispose()
    device = undefined
    frame.value = undefined
    Object.assign(view, { status: 'loading', hidden: false, bar: undefined, tabBar: undefined, notice: '' })
    try {
      await refresh()
      const answer = await fetch('/phone/bundle')
      if (answer.status === 422) return trouble('cannot-run', (await answer.json()).texts)
      if (!answer.ok) throw new Error(`GET /phone/bundle: ${answer.status}`)
      bundle = (await answer.json()) as Bundle
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      return trouble('unreachable', {
        zh: `连不上模拟器：${text}`,
        en: `The simulator cannot be reached: ${text}`,
      })
    }
    choose(bundle, view.state as SimulatorState)
    for (const line of problemLines(bundle.problems)) log(line)
    run.value++
  }

  /** Reads who and what the simulator has, and what time it is there. */
  const refresh = async () => {
    view.state = await simulator.state()
    aheadMs = view.state.clock.nowMs - Date.now()
  }
  const readClock = async () => {
    const { nowMs } = await simulator.clock()
    aheadMs = nowMs - Date.now()
    return nowMs
  }

  const choose = ({ appid }: Bundle, { apps, users }: SimulatorState) => {
    const known = apps.some((app) => app.appid === appid)
    const chosen = settings.appid || (known ? (appid ?? '') : (apps.find(isMiniProgram)?.appid ?? ''))
    if (!settings.appid && appid && !known) {
      view.notice = texts[settings.lang].unknownAppid(appid, chosen)
      log({ level: 'warn', text: view.notice })
    }
    settings.appid = chosen
    settings.user ||= users[0]?.name ?? ''
  }

  /** Starts the mini program in a frame that has loaded. */
  const attach = (window: Window, mount: HTMLElement) => {
    if (!bundle) return
    device = createDevice({
      baseUrl: location.origin,
      mount,
      appid: settings.appid,
      user: settings.user,
      language: settings.lang,
      theme: settings.theme,
      platform: settings.platform,
      baseLibrary: settings.lib,
    })
    const host: Host = {
      ...calls,
      appid: settings.appid,
      user: settings.user,
      device,
      facts: () => describeDevice(settings, screen),
      showNavigationBar: (bar) => {
        view.bar = bar
      },
      showTabBar: (bar) => {
        view.tabBar = bar
      },
      send: async (request, signal) => {
        const answer = await fetch('/phone/request', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...request, url: reroute(request.url, settings.origins) }),
          signal,
        })
        return answer.json()
      },
      log,
      pageChanged: (page) => {
        view.page = page
      },
    }
    try {
      frame.value = window.startMiniProgram?.(host, bundle, settings.page)
      view.status = 'running'
    } catch (error) {
      const text = describe(error)
      log({ level: 'error', text })
      trouble('cannot-run', {
        zh: `小程序启动时出错：${text}`,
        en: `The mini program failed while it started: ${text}`,
      })
    }
  }

  /** What the person says to the redirects that the address asks for; yes is remembered in this tab. */
  const answerReroute = (allowed: boolean) => {
    if (allowed) sessionStorage.setItem(allowedKey, JSON.stringify(settings.origins))
    else settings.origins = {}
    void start()
  }
  /** Follows the stream of changes: it breaks at once when the process behind the page ends. */
  const watchFolder = () => {
    const events = new EventSource('/phone/events')
    events.addEventListener('change', () => void start())
    events.addEventListener('error', () => {
      view.gone = true
    })
    events.addEventListener('open', () => {
      if (view.gone) void start()
      view.gone = false
    })
    return () => events.close()
  }

  const setTheme = () => {
    device?.configure({ theme: settings.theme, language: settings.lang })
    frame.value?.themeChanged()
  }

  return {
    settings,
    screen,
    view,
    dialogs,
    run,
    frame,
    start,
    attach,
    setTheme,
    refresh,
    readClock,
    answerReroute,
    watchFolder,
  }
}

const allowedKey = 'haoma:allowed-origins'

function isAllowed(origins: Record<string, string>): boolean {
  return sessionStorage.getItem(allowedKey) === JSON.stringify(origins)
}

/** Sends a request to another origin than it was written for, when the address says so. */
function reroute(url: string, origins: Record<string, string>): string {
  const { origin } = new URL(url)
  const target = origins[origin]
  return target === undefined ? url : target + url.slice(origin.length)
}

/** The one phone of the page. */
export type Phone = ReturnType<typeof createPhone>

function isMiniProgram(app: { accountType: string }): boolean {
  return app.accountType === 'mini-program'
}
