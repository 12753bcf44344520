import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createDeadlines } from './deadlines.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('ends each at its time and none that was forgotten, in whatever order they come and go', () => {
  const deadlines = createDeadlines()
  const late: number[] = []
  const watched = [500, 100, 300, 200, 400].map((ms) => deadlines.watch(ms, () => late.push(ms)))
  for (const at of [0, 2]) {
    const it = watched[at]
    if (it !== undefined) deadlines.forget(it)
  }
  vi.advanceTimersByTime(150)
  expect(late).toEqual([100])
  const [, first] = watched
  if (first !== undefined) deadlines.forget(first)
  deadlines.watch(50, () => late.push(50))
  vi.advanceTimersByTime(1000)
  expect(late).toEqual([100, 50, 200, 400])
})

it('has no timer while nothing is watched', () => {
  const deadlines = createDeadlines()
  deadlines.forget(deadlines.watch(1000, () => {}))
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(50)
  expect(vi.getTimerCount()).toBe(0)
})

it('goes on when the end of one ends others', () => {
  const deadlines = createDeadlines()
  const late: string[] = []
  const other = deadlines.watch(10, () => late.push('other'))
  const last = deadlines.watch(10, () => late.push('last'))
  deadlines.watch(10, () => {
    late.push('first')
    deadlines.forget(other)
    deadlines.forget(last)
  })
  vi.advanceTimersByTime(100)
  expect(late).toEqual(['first'])
  expect(vi.getTimerCount()).toBe(0)
})
