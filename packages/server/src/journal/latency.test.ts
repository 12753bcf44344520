import { expect, it } from 'vitest'
import { addClasses, percentileOf } from './latency.ts'

it('tells the duration that a share of the entries does not exceed', () => {
  expect(percentileOf([], 0.5)).toBeNull()
  // Ten entries of 5 to 10 ms, and ten of 25 to 50 ms.
  const classes = [0, 10, 0, 10]
  expect(percentileOf(classes, 0.25)).toBe(7.5)
  expect(percentileOf(classes, 0.5)).toBe(10)
  expect(percentileOf(classes, 0.75)).toBe(37.5)
  // What is longer than every bound is told as the last.
  expect(percentileOf([...Array(11).fill(0), 3], 0.5)).toBe(10_000)
})

it('puts classes of several hours together', () => {
  const all: number[] = []
  addClasses(all, [1, 2])
  addClasses(all, [0, 1, 4])
  expect(all).toEqual([1, 3, 4])
})
