import { beforeEach, expect, it, vi } from 'vitest'
import { createLoginCode } from './login-code.ts'

beforeEach(() => {
  vi.useFakeTimers()
  return () => void vi.useRealTimers()
})

const open = () => {
  let fetched = 0
  return createLoginCode(async () => `code-${++fetched}`)
}
const later = () => Date.now() + 300_000

it('goes along as long as it is younger than 4 minutes, and is fetched anew after', async () => {
  const codes = open()
  expect(await codes.get(later())).toBe('code-1')
  vi.advanceTimersByTime(239_000)
  expect(await codes.get(later())).toBe('code-1')
  vi.advanceTimersByTime(1000)
  expect(await codes.get(later())).toBe('code-2')
})

it('is fetched anew when it was spent', async () => {
  const codes = open()
  await codes.get(later())
  codes.spend()
  expect(await codes.get(later())).toBe('code-2')
})
