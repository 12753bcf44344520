// npm run test:languages [filter …]: the programs and test suites in other languages, against service and simulator.
// Installs the languages as root on Debian; what cannot be had is skipped by name, or fails where CI is set.
import { join } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/paths.mjs'
import { run } from './lib/run.mjs'
import { runMain, Stop, step, totalTime } from './lib/terminal.mjs'
import { findLanguages } from './services/languages.mjs'

await runMain(async () => {
  requireNode()
  await ensureInstalled()
  await build(['cli'])
  const found = await step('语言 · languages', async () => findLanguages({ install: true }))
  const missing = Object.keys(found).filter((name) => found[name].path === undefined)
  if (missing.length > 0) {
    const text = `缺少 · not on this machine: ${missing.join(', ')}`
    if (process.env.CI) throw new Stop(`${text}. CI needs every language.`)
    console.warn(`\n⚠ ${text}. Their tests are SKIPPED.\n`)
  }
  const code = await run(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['run', 'e2e/languages.test.ts', ...process.argv.slice(2).flatMap((name) => ['-t', name])],
    { cwd: root, env: { LANGUAGES: 'all' }, allowFailure: true },
  )
  if (code !== 0) throw new Stop('有语言未通过 · a language failed')
  console.log(`\n各语言通过 · every language passed (${totalTime()})`)
})
