import { expect, it } from 'vitest'
import { DAY_MS } from '../kernel/calendar.ts'
import { runOutOf } from './run-out.ts'

const now = Date.parse('2026-05-01T00:00:00Z')
const daysOf = (ms: number | null) => ms && Math.round(((ms - now) / DAY_MS) * 10) / 10

it('runs out at the mean of the days, sure of it when they were alike', () => {
  const { atMs, earliestMs, latestMs } = runOutOf(500, Array(28).fill(50), now)
  expect([atMs, earliestMs, latestMs].map(daysOf)).toEqual([10, 10, 10])
})

it('is less sure the more days differ, and earlier is before later', () => {
  const { atMs, earliestMs, latestMs } = runOutOf(500, [0, 100, 0, 100], now)
  expect(daysOf(atMs)).toBe(10)
  expect(daysOf(earliestMs)).toBeLessThan(10)
  expect(daysOf(latestMs) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(10)
})

it('does not run out without use, nor beyond half a year, and has when nothing is left', () => {
  expect(runOutOf(500, [0, 0], now).atMs).toBeNull()
  expect(runOutOf(18_100, Array(10).fill(100), now).atMs).toBeNull()
  expect(runOutOf(0, [1], now).atMs).toBe(now)
})
