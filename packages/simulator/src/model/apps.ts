import { notFound, SimulatorError } from '../errors.ts'
import type { ApiSecurity } from './api-security-keys.ts'

/** A registered account: mostly a mini program, sometimes another kind, to see what WeChat refuses. */
export interface App {
  appid: string
  appSecret: string
  name: string
  accountType: 'mini-program' | 'official-account'
  /** A personal account; it may log people in, and not ask for phone numbers. */
  personal: boolean
  verified: boolean
  /** The open-platform account it is bound to: apps with the same one share unionids. */
  openPlatform: string | null
  /** AppSecret frozen in the console: 40243. */
  secretFrozen: boolean
  /** `token-forbidden` answers 50004, `frozen` 50007. */
  state: 'normal' | 'token-forbidden' | 'frozen'
  /** Entries such as `203.0.113.7`, `172.0.0.*` or CIDR; `null` when the whitelist is off. */
  ipWhitelist: string[] | null
  /** What the administrator said to a risky IP: 89503, 89507, 89506. */
  ipApproval: 'none' | 'awaiting' | 'rejected' | 'rejected-twice'
  /** Whether 「收集你的手机号」 is declared in the privacy guideline. */
  privacyDeclared: boolean
  /** Government, public medical or education: phone components cost nothing and need no balance. */
  freeOfCharge: boolean
  cloudDevelopment: boolean
  /** Calls a day and a minute by API path, where they differ from the endpoint's own. */
  quotas: Record<string, { daily?: number | undefined; perMinute?: number | undefined }>
  /** Keys of API security; `null` when it is off. */
  apiSecurity: ApiSecurity | null
}

/** Fields that are absent or undefined stay as they are. */
export type AppInput = { [K in keyof App]?: App[K] | undefined } & Pick<App, 'appid'>

export interface Apps {
  /** Adds an app or changes the named fields of one. */
  put(input: AppInput): App
  find(appid: string): App | undefined
  /** @throws SimulatorError `UNKNOWN_APP` */
  get(appid: string): App
  remove(appid: string): boolean
  list(): App[]
}

export function createApps(newSecret: () => string): Apps {
  const apps = new Map<string, App>()
  return {
    put(input) {
      const known = apps.get(input.appid)
      const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
      const app: App = {
        // A secret that is given draws nothing: a state file leaves the stream of codes where it stood.
        ...(known ?? { ...blank, appSecret: input.appSecret ?? newSecret(), name: input.appid }),
        ...given,
        appid: input.appid,
      }
      apps.set(app.appid, app)
      return app
    },
    find: (appid) => apps.get(appid),
    get(appid) {
      const app = apps.get(appid)
      if (app) return app
      throw notFound('UNKNOWN_APP', {
        zh: `模拟器里没有 appid 为 ${appid} 的账号。已有账号见 GET /_control/state，新增用 POST /_control/apps。`,
        en: `The simulator has no app ${appid}. Known ones: GET /_control/state; add one with POST /_control/apps.`,
      })
    },
    remove: (appid) => apps.delete(appid),
    list: () => [...apps.values()],
  }
}

const blank: Omit<App, 'appid' | 'appSecret' | 'name'> = {
  accountType: 'mini-program',
  personal: false,
  verified: true,
  openPlatform: null,
  secretFrozen: false,
  state: 'normal',
  ipWhitelist: null,
  ipApproval: 'none',
  privacyDeclared: true,
  freeOfCharge: false,
  cloudDevelopment: false,
  quotas: {},
  apiSecurity: null,
}

/** Phone components and their API are for verified mini programs of companies and other organisations. */
export function hasPhonePermission(app: App): boolean {
  return app.accountType === 'mini-program' && app.verified && !app.personal
}

/** @throws SimulatorError `NOT_A_MINI_PROGRAM`: other accounts have no pages to tap on. */
export function getMiniProgram(apps: Apps, appid: string): App {
  const app = apps.get(appid)
  if (app.accountType === 'mini-program') return app
  throw new SimulatorError(400, 'NOT_A_MINI_PROGRAM', {
    zh: `${appid} 不是小程序，没有可以点的页面。`,
    en: `${appid} is not a mini program: it has no page to tap on.`,
  })
}
