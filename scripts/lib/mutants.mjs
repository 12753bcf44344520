import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './paths.mjs'
import { run } from './run.mjs'

const lists = join(root, 'scripts', 'mutants')

/**
 * @typedef {object} Mutant - A one-line fault that the tests must catch.
 * @property {string} id - `<list>#<number>`.
 * @property {string} file - From the root of the repository.
 * @property {string} find - Source text that stands there exactly once.
 * @property {string} replace - What a mistake could have made of it.
 * @property {string[]} tests - Where at least one test must fail.
 * @property {string} why - What would go wrong for a user.
 */

/** Reads the kept lists: every file of scripts/mutants. */
export async function readMutants() {
  /** @type {Mutant[]} */
  const mutants = []
  for (const name of readdirSync(lists)
    .filter((file) => file.endsWith('.mjs'))
    .sort()) {
    const list = (await import(join(lists, name))).mutants
    for (const [index, mutant] of list.entries()) {
      mutants.push({ id: `${name.slice(0, -'.mjs'.length)}#${index + 1}`, ...mutant })
    }
  }
  return mutants
}

/** How often the text to be replaced stands in its file; anything but 1 means that the list is out of date. */
export function placesOf({ file, find }) {
  return readFileSync(join(root, file), 'utf8').split(find).length - 1
}

/**
 * Runs the tests of one mutant with the fault in place. No file is changed: the fault is put in while vitest loads the
 * source.
 *
 * @returns {Promise<{ caught: boolean, by?: string, output: string }>}
 */
export async function tryMutant(mutant) {
  const folder = mkdtempSync(join(tmpdir(), 'haoma-mutant-'))
  const report = join(folder, 'report.json')
  try {
    await run(
      process.execPath,
      [
        join(root, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        ...mutant.tests,
        '--bail=1',
        '--reporter=json',
        `--outputFile=${report}`,
      ],
      { cwd: root, quiet: true, allowFailure: true, env: { HAOMA_MUTANT: JSON.stringify(mutant) } },
    )
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const assertions = testResults.flatMap((file) => file.assertionResults)
    const failed = assertions.find(({ status }) => status === 'failed')
    // A suite that cannot even be loaded has not tested anything.
    const broken = testResults.find((file) => file.status === 'failed' && file.assertionResults.length === 0)
    return { caught: failed !== undefined, by: failed?.fullName, output: broken?.message ?? '' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Some of a list in an order that the seed decides: the same seed gives the same handful. */
export function handful(list, count, seed) {
  let state = seed
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
  return list
    .map((value) => ({ value, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ value }) => value)
}
