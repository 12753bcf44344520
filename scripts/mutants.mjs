// npm run mutants: puts each kept one-line fault into the source and asks the tests to catch it.
// `npm run mutants -- wechat` runs those whose id or file holds the word; `--count 5 --seed 42` a random handful.
import { parseArgs } from 'node:util'
import { build } from './lib/build.mjs'
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { handful, placesOf, readMutants, tryMutant } from './lib/mutants.mjs'
import { runMain, Stop, step, totalTime } from './lib/terminal.mjs'

await runMain(async () => {
  const { values, positionals } = parseArgs({
    options: { count: { type: 'string' }, seed: { type: 'string' } },
    allowPositionals: true,
  })
  requireNode()
  await ensureInstalled()
  await build(['protocol', 'wechat', 'simulator'])
  const all = await readMutants()
  const wanted = all.filter(({ id, file }) =>
    positionals.every((word) => id.includes(word) || file.includes(word)),
  )
  const seed = Number(values.seed ?? Date.now() % 100_000)
  const chosen = values.count ? handful(wanted, Number(values.count), seed) : wanted
  if (values.count) console.log(`seed ${seed}`)
  const survivors = []
  for (const mutant of chosen) {
    if (placesOf(mutant) !== 1)
      throw new Stop(`${mutant.id}: the text to replace must stand once in ${mutant.file}`)
    await step(`${mutant.id} ${mutant.why}`, async () => {
      const { caught, output } = await tryMutant(mutant)
      if (!caught) survivors.push(`${mutant.id} ${mutant.file}: ${mutant.why}${output ? `\n${output}` : ''}`)
    })
  }
  console.log(`\n${chosen.length - survivors.length} of ${chosen.length} caught (${totalTime()})`)
  if (survivors.length > 0) throw new Stop(`没有测试发现 · not caught by any test:\n${survivors.join('\n')}`)
})
