import type { Settings } from './settings.ts'
import { planWeChat } from './start-plan.ts'

/** Members of the simulated WeChat stay out of the database that real ones will be in. */
const simulatorDatabase = 'sqlite:.haoma/simulator.db'

/** The database that `haoma start` uses with these settings, for commands that work beside it. */
export function serviceDatabaseUrl(config: Settings, env: NodeJS.Dict<string>): string {
  const isSimulated = planWeChat(config, env.NODE_ENV) === 'simulator'
  return isSimulated && !env.HAOMA_DATABASE_URL?.trim() ? simulatorDatabase : config.databaseUrl
}
