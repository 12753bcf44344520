import { type Config, ConfigError, loadConfig } from '@haoma/server'

/** The settings of the service, and those of what the command line starts beside it. */
export interface Settings extends Config {
  /** `HAOMA_SIMULATOR_PORT`. Default is 4010. */
  simulatorPort: number
  /** `HAOMA_DEMO_PORT`. Default is 4020. */
  demoPort: number
}

/** @throws {ConfigError} Naming everything that is wrong at once. */
export function readSettings(env: NodeJS.Dict<string>): Settings {
  const problems: ConfigError['problems'] = []
  const port = (variable: string, fallback: number): number => {
    const text = env[variable]?.trim() || String(fallback)
    if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535) return Number(text)
    problems.push({ variable, expected: '应为 1 到 65535 的整数 / must be a whole number from 1 to 65535' })
    return fallback
  }
  const simulatorPort = port('HAOMA_SIMULATOR_PORT', 4010)
  const demoPort = port('HAOMA_DEMO_PORT', 4020)
  try {
    const config = loadConfig(env)
    if (problems.length === 0) return { ...config, simulatorPort, demoPort }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    problems.unshift(...error.problems)
  }
  throw new ConfigError(problems)
}
