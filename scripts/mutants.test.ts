import { describe, expect, it } from 'vitest'
import { handful, placesOf, readMutants, tryMutant } from './lib/mutants.mjs'

const mutants = await readMutants()
const seed = Number(process.env.HAOMA_MUTANT_SEED ?? Date.now() % 100_000)

describe('the kept faults', () => {
  it.each(mutants.map((mutant) => [mutant.id, mutant] as const))(
    '%s stands in one place of its file',
    (_id, mutant) => {
      expect(placesOf(mutant), `${mutant.file}: ${mutant.find}`).toBe(1)
      expect(mutant.replace).not.toBe(mutant.find)
    },
  )

  // The whole list is `npm run mutants`.
  it.each(handful(mutants, 3, seed).map((mutant) => [mutant.id, mutant] as const))(
    `%s is caught by a test (HAOMA_MUTANT_SEED=${seed})`,
    async (_id, mutant) => {
      expect(await tryMutant(mutant), `${mutant.file}: ${mutant.why}`).toMatchObject({ caught: true })
    },
    180_000,
  )
})
