import { type Config, ConfigError, configVariables, loadConfig } from '@haoma/server'
import { suggestion } from './strict.ts'

/** The settings of the service, and those of what the command line starts beside it. */
export interface Settings extends Config {
  /** `HAOMA_SIMULATOR=off`: never the simulator, also without apps. */
  isSimulatorOff: boolean
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
  const simulator = env.HAOMA_SIMULATOR?.trim() || 'auto'
  if (!['auto', 'off'].includes(simulator)) {
    problems.push({ variable: 'HAOMA_SIMULATOR', expected: '应为 auto 或 off / must be auto or off' })
  }
  refuseMisspelt(env, problems)
  const simulatorPort = port('HAOMA_SIMULATOR_PORT', 4010)
  const demoPort = port('HAOMA_DEMO_PORT', 4020)
  try {
    const config = loadConfig(env)
    if (problems.length === 0)
      return { ...config, isSimulatorOff: simulator === 'off', simulatorPort, demoPort }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    problems.unshift(...error.problems)
  }
  throw new ConfigError(problems)
}

const ownVariables = ['HAOMA_SIMULATOR', 'HAOMA_SIMULATOR_PORT', 'HAOMA_DEMO_PORT']

/** A misspelt name would be a setting that its user believes in; names that are nothing like ours are somebody else's. */
function refuseMisspelt(env: NodeJS.Dict<string>, problems: ConfigError['problems']): void {
  const known = [...configVariables, ...ownVariables]
  for (const name of Object.keys(env)) {
    if (!name.toUpperCase().startsWith('HAOMA') || known.includes(name)) continue
    const meant = suggestion(name.toUpperCase(), known)
    if (meant) {
      problems.push({
        variable: name,
        expected: `没有这个变量，是不是 ${meant}？/ must be ${meant}, if that is what is meant`,
      })
    }
  }
}
