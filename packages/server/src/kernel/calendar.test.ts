import { describe, expect, it } from 'vitest'
import { dayName, dayStart, monthRange, startOfDay, weekday } from './calendar.ts'

describe('the calendar of Shanghai', () => {
  it('begins its days at 16:00 UTC', () => {
    const lateUtc = Date.parse('2026-11-24T16:00:00Z')
    expect(dayName(lateUtc)).toBe('2026-11-25')
    expect(dayName(lateUtc - 1)).toBe('2026-11-24')
    expect(dayStart(lateUtc + 5)).toBe(lateUtc)
    expect(dayStart(lateUtc - 1)).toBe(lateUtc - 86_400_000)
    expect(weekday(lateUtc)).toBe(3)
  })

  it('knows its months, leap years and the turn of the year', () => {
    expect(monthRange('2028-02')).toEqual({
      fromMs: Date.parse('2028-01-31T16:00:00Z'),
      toMs: Date.parse('2028-02-29T16:00:00Z'),
    })
    expect(monthRange('2026-12')?.toMs).toBe(Date.parse('2026-12-31T16:00:00Z'))
  })

  it('takes nothing for a day that is none', () => {
    for (const name of ['2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', 'today', '']) {
      expect(startOfDay(name)).toBeUndefined()
    }
    for (const name of ['2026-00', '2026-13', '2026']) expect(monthRange(name)).toBeUndefined()
  })
})
