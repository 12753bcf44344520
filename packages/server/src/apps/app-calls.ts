import { HaomaError } from '../kernel/errors.ts'
import type { Actor } from '../stores/audit-store.ts'
import type { AppCheck, CheckApp } from './check-app.ts'
import type { App, AppDirectory } from './directory.ts'
import type { AppEdit, AppRegistry, NewApp } from './registry.ts'

/** What one actor does with apps. */
export interface AppCalls {
  /** Those of the environment first. */
  list(): readonly App[]
  /**
   * Adds an app, which works at once in every process.
   *
   * @throws {HaomaError} `NAME_TAKEN`, `BAD_REQUEST` naming what makes no sense.
   */
  add(app: NewApp): Promise<App>
  /**
   * Changes what is named, within 5 seconds in every process. `undefined` when there is no such app.
   *
   * @throws {HaomaError} `NOT_POSSIBLE_NOW` for a secret that the environment has, `BAD_REQUEST`.
   */
  change(appid: string, edit: AppEdit): Promise<App | undefined>
  /**
   * Asks WeChat about the app now. `undefined` when there is no such app.
   *
   * @throws {HaomaError} `NOT_POSSIBLE_NOW` for an app that WeChat does not know, or that is off.
   */
  check(appid: string): Promise<AppCheck | undefined>
}

export interface AppCallsParts {
  directory: AppDirectory
  registry: AppRegistry
  check: CheckApp
  actor: Actor
}

export function createAppCalls({ directory, registry, check, actor }: AppCallsParts): AppCalls {
  return {
    list: () => directory.list(),
    add: (app) => registry.add(app, actor),
    change: (appid, edit) => registry.change(appid, edit, actor),
    check: async (appid) => {
      if (!(await directory.find(appid))) return undefined
      const config = directory.configOf(appid)
      if (!config) throw new HaomaError('NOT_POSSIBLE_NOW', { text: nothingToCheck })
      return check(config)
    },
  }
}

const nothingToCheck = {
  zh: '只有启用中的小程序可以检查。',
  en: 'Only a mini program that is on can be checked.',
}
