import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

// Every `vite.*.config.ts` beside this file is one page or script of the simulator.
const folder = import.meta.dirname
const configs = readdirSync(folder).filter((name) => /^vite\..+\.config\.ts$/.test(name))
const quiet = { rolldownOptions: { checks: { pluginTimings: false } } }
await Promise.all(configs.map((name) => build({ configFile: join(folder, name), build: quiet })))
