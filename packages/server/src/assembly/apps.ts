import { type AppConfig, createWeChat, type WeChat } from '@haoma/wechat'
import { createUnopenedNotes } from '../alerts/unopened.ts'
import { createPolicyOf, type PolicyOf } from '../apps/app-policy.ts'
import { type AppSecretBox, createAppSecretBox } from '../apps/app-secrets.ts'
import { type App, type AppDirectory, createAppDirectory } from '../apps/directory.ts'
import { type AppRegistry, createAppRegistry } from '../apps/registry.ts'
import type { TokenHistory } from '../apps/token-history.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { Clock } from '../kernel/clock.ts'
import type { NewId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/logger.ts'
import { defaults, type HaomaOptions } from '../options.ts'
import type { Database } from '../stores/database.ts'

/** What the service knows of apps: those of the options and of the database, joined. */
export interface Apps {
  directory: AppDirectory
  registry: AppRegistry
  box: AppSecretBox
  policyOf: PolicyOf
}

export interface AppsParts {
  options: Pick<HaomaOptions, 'apps' | 'session' | 'unionidScope'>
  keyRing: KeyRing
  db: Database
  logger: Logger
  clock: Clock
  newId: NewId
}

export async function assembleApps({ options, keyRing, db, logger, clock, newId }: AppsParts): Promise<Apps> {
  const box = createAppSecretBox(keyRing, logger, createUnopenedNotes({ store: db.alerts, clock, logger }))
  const environment = options.apps ?? defaults.apps
  const directory = createAppDirectory({ environment, store: db.apps, box, clock, logger })
  await directory.refresh()
  const policyOf = createPolicyOf((appid) => directory.get(appid)?.policy, {
    unionidScope: options.unionidScope ?? defaults.unionidScope,
    session: options.session ?? defaults.session,
  })
  const registry = createAppRegistry({ db, directory, box, clock, newId })
  return { directory, registry, box, policyOf }
}

/** Apps, and the client that speaks to WeChat for them. */
export interface ConnectedApps {
  wechat: WeChat
  /** Whether the service serves the app, of whatever kind. */
  hasApp(appid: string): Promise<boolean>
  /** Whether it is a mini program that the service serves. */
  hasMiniProgram(appid: string): Promise<boolean>
  /** Mini programs that are on. */
  listMiniPrograms(): string[]
  close(): Promise<void>
}

export interface ConnectionParts {
  directory: AppDirectory
  options: Pick<HaomaOptions, 'wechat' | 'wechatHosts'>
  tokenHistory: TokenHistory
  logger: Logger
}

/** Opens the client of WeChat, or takes the caller's own, and keeps it in step with the apps. */
export function connectApps({ directory, options, tokenHistory, logger }: ConnectionParts): ConnectedApps {
  const wechat = options.wechat ?? createOwnWeChat(directory, { hosts: options.wechatHosts, tokenHistory })
  // A client of the caller's own may know more apps; those of the database are new to it.
  const mayKnowOthers = options.wechat !== undefined
  const follow = (appid: string, config: AppConfig | undefined) => {
    try {
      if (config) wechat.registerApp(config)
      else wechat.unregisterApp(appid)
    } catch (err) {
      logger.error({ err, appid }, 'the settings of an app cannot be used; those before go on')
    }
  }
  directory.onChange(follow)
  if (mayKnowOthers) {
    for (const { appid, source } of directory.list()) {
      const config = directory.configOf(appid)
      if (config && source === 'database') follow(appid, config)
    }
  }

  const isServed = async (appid: string, isRight: (app: App) => boolean): Promise<boolean> => {
    const app = await directory.find(appid)
    if (app) return app.isEnabled && isRight(app)
    return mayKnowOthers && wechat.hasApp(appid)
  }
  const isMiniProgram = ({ kind }: App) => kind === 'mp-weixin'

  return {
    wechat,
    hasApp: (appid) => isServed(appid, () => true),
    hasMiniProgram: (appid) => isServed(appid, isMiniProgram),
    listMiniPrograms: () =>
      directory
        .list()
        .filter((app) => app.isEnabled && isMiniProgram(app))
        .map(({ appid }) => appid),
    close: async () => {
      directory.stop()
      if (!mayKnowOthers) await wechat.close()
    },
  }
}

/** Apps that come later are resolved when they are first asked for. */
function createOwnWeChat(
  directory: AppDirectory,
  { hosts, tokenHistory }: { hosts: readonly string[] | undefined; tokenHistory: TokenHistory },
): WeChat {
  return createWeChat({
    apps: directory.list().flatMap(({ appid }) => directory.configOf(appid) ?? []),
    resolveApp: async (appid) => {
      await directory.find(appid)
      return directory.configOf(appid)
    },
    tokenStore: tokenHistory.tokenStore(),
    hosts,
  })
}
