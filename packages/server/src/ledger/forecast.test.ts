import { describe, expect, it } from 'vitest'
import { DAY_MS, startOfDay, weekday } from '../kernel/calendar.ts'
import { forecastOf } from './forecast.ts'

/** A Monday. */
const today = startOfDay('2026-05-04') as number
const past = (calls: readonly number[]) =>
  calls.map((count, at) => ({ startMs: today - (calls.length - at) * DAY_MS, calls: count }))
const inDays = (ms: number | null) => ms && Math.round(((ms - today) / DAY_MS) * 10) / 10
const eightWeeks = Array.from({ length: 56 }, (_, at) => {
  const day = weekday(today - (56 - at) * DAY_MS)
  return day === 0 || day === 6 ? 300 : 100
})

describe('the forecast', () => {
  it('expects of a day what its weekday had', () => {
    const { days, weekdays, basedOnDays } = forecastOf(past(eightWeeks), today, today)
    expect(basedOnDays).toBe(56)
    expect(weekdays.map((calls) => Math.round(calls / 50) * 50)).toEqual([100, 100, 100, 100, 100, 300, 300])
    expect(days[5]?.expected).toBe(weekdays[5])
    for (const { low, expected, high } of days) {
      expect(low).toBeLessThan(expected)
      expect(high).toBeGreaterThan(expected)
    }
  })

  it('takes the mean of the few days that there are', () => {
    const { weekdays } = forecastOf(past([10, 20, 30]), today, today)
    expect(weekdays).toEqual(Array(7).fill(20))
  })

  it('runs out at the pace of the weekdays, earlier when more come and later when fewer do', () => {
    const { runOut, sumOf } = forecastOf(past(eightWeeks), today, today)
    const { atMs, earliestMs, latestMs } = runOut(1400)
    expect(inDays(atMs)).toBeGreaterThan(6)
    expect(inDays(atMs)).toBeLessThan(11)
    expect(earliestMs).toBeLessThan(atMs as number)
    expect(latestMs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(atMs as number)
    expect(sumOf(7).expected).toBeGreaterThan(sumOf(6).expected)
  })

  it('counts of today only what is to come', () => {
    const noon = forecastOf(past(Array(28).fill(100)), today, today + DAY_MS / 2)
    expect(noon.sumOf(1).expected).toBe(50)
    expect(inDays(noon.runOut(50).atMs)).toBe(1)
    expect(inDays(noon.runOut(150).atMs)).toBe(2)
  })

  it('is the surer the more alike days were', () => {
    const even = forecastOf(past(Array(28).fill(400)), today, today)
    const uneven = forecastOf(past(Array.from({ length: 28 }, (_, at) => (at % 2) * 800)), today, today)
    const spread = ({ runOut }: typeof even) => (runOut(4000).atMs ?? 0) - (runOut(4000).earliestMs ?? 0)
    expect(spread(uneven)).toBeGreaterThan(3 * spread(even))
  })

  it('does not run out without use, nor beyond half a year, and has when nothing is left', () => {
    expect(forecastOf(past([0, 0]), today, today).runOut(500).atMs).toBeNull()
    expect(forecastOf([], today, today).runOut(1).atMs).toBeNull()
    expect(forecastOf(past(Array(10).fill(100)), today, today).runOut(18_100).atMs).toBeNull()
    expect(forecastOf(past([1]), today, today + 5).runOut(0).atMs).toBe(today + 5)
  })
})
