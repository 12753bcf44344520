// npm run traffic -- [--days 90] [--entries 5000] [--seed 7] [--database sqlite:PATH|postgres://…]: fills an empty database with
// traffic of past weeks, bad days included, for looking at the console and for measuring. --entries 0 leaves it empty. With
// --measure, and the options it was filled with, searches in what is there, reads the first page of the console, exports,
// rebuilds and counts, and prints how long each took (--json for programs).
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { run } from './lib/run.mjs'
import { runMain } from './lib/terminal.mjs'
import { trafficCommand } from './lib/traffic.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  await run(process.execPath, [...(await trafficCommand()), ...process.argv.slice(2)], { cwd: process.cwd() })
})
