import { existsSync, statSync } from 'node:fs'
import { miniProgramsOf, readDatabaseUrl, storedMiniPrograms } from '@haoma/server'
import { readEnvironment } from './environment.ts'
import { readSettings, type Settings } from './settings.ts'
import { planWeChat, type WeChatBehind } from './start-plan.ts'

/** The service of a folder, as `haoma start` would start it there: what a command beside it works with. */
export interface Beside {
  settings: Settings
  wechat: WeChatBehind
  /** Which database it uses, and with which keys. */
  database: DatabaseAccess
  /** Mini programs that the database of the settings holds. */
  storedApps: readonly string[]
}

export interface DatabaseAccess extends Pick<Settings, 'masterKey' | 'oldMasterKeys'> {
  databaseUrl: string
}

/** Members of the simulated WeChat stay out of the database that real ones will be in. */
const simulatorDatabase = 'sqlite:.haoma/simulator.db'

/**
 * Reads what the working folder and the environment say of the service, and which apps its database holds.
 *
 * @throws {ConfigError} Naming everything that is wrong at once.
 * @throws {StoreUnavailableError} When there is a database and it cannot be opened.
 */
export async function besideService(): Promise<Beside> {
  const env = readEnvironment(process.cwd())
  const settings = readSettings(env)
  const storedApps = isNewDatabase(settings.databaseUrl) ? [] : await storedMiniPrograms(settings)
  const hasApps = miniProgramsOf(settings.apps).length + storedApps.length > 0
  const wechat = planWeChat(settings, { hasApps, nodeEnv: env.NODE_ENV })
  const isApart = wechat === 'simulator' && !env.HAOMA_DATABASE_URL?.trim()
  return {
    settings,
    wechat,
    database: accessTo(isApart ? simulatorDatabase : settings.databaseUrl, settings),
    storedApps,
  }
}

/** The database of the settings, where apps of the real WeChat are, also while the simulator is played. */
export const ownDatabase = (settings: Settings): DatabaseAccess => accessTo(settings.databaseUrl, settings)

function accessTo(databaseUrl: string, { masterKey, oldMasterKeys }: Settings): DatabaseAccess {
  return { databaseUrl, ...(masterKey && { masterKey }), ...(oldMasterKeys && { oldMasterKeys }) }
}

/** Whether it is a file that is not there yet: to look into it would make it. */
export function isNewDatabase(databaseUrl: string): boolean {
  const address = readDatabaseUrl(databaseUrl)
  if (address.kind !== 'sqlite') return false
  return address.path === ':memory:' || !existsSync(address.path) || statSync(address.path).size === 0
}

/** Opens a door of the service for one piece of work, and closes it whatever comes of it. */
export async function within<Door extends { close(): Promise<void> }, T>(
  opening: Promise<Door>,
  work: (door: Door) => Promise<T>,
): Promise<T> {
  const door = await opening
  try {
    return await work(door)
  } finally {
    await door.close()
  }
}
