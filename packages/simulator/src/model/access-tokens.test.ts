import { expect, it } from 'vitest'
import { createAccessTokens } from './access-tokens.ts'
import { createRandom } from './random.ts'

it('gives a fresh token exactly 7200 s, however the clock moves on while it is made', () => {
  let nowMs = 1_790_000_000_000
  const clock = { nowMs: () => nowMs++ }
  const tokens = createAccessTokens({ clock, random: createRandom('a seed') })
  expect(tokens.issueLegacy('wx1').expiresInS).toBe(7200)
  expect(tokens.issueStable('wx1').expiresInS).toBe(7200)
  nowMs += 30_000
  expect(tokens.forceStable('wx1')).toMatchObject({ expiresInS: 7200 })
  nowMs += 7_000_000
  expect(tokens.issueStable('wx1').expiresInS).toBe(7200)
})
