import { describe, expect, it } from 'vitest'
import { beijingDay, createSimulatorClock } from './clock.ts'

describe('the model’s clock', () => {
  const base = { now: 1000, nowMs: () => base.now }

  it('runs with its base, from wherever it was set', () => {
    const clock = createSimulatorClock(base)
    clock.set(50_000)
    base.now += 10
    expect(clock.nowMs()).toBe(50_010)
    clock.advance(-10)
    expect(clock.nowMs()).toBe(50_000)
  })

  it('stands still while it is frozen, can be moved then, and runs on from there', () => {
    const clock = createSimulatorClock(base)
    clock.freeze(true)
    const stoppedAtMs = clock.nowMs()
    base.now += 500
    expect(clock.nowMs()).toBe(stoppedAtMs)
    clock.advance(7)
    expect(clock.nowMs()).toBe(stoppedAtMs + 7)
    clock.freeze(false)
    base.now += 3
    expect(clock.nowMs()).toBe(stoppedAtMs + 10)
  })

  it('begins a day at midnight in Beijing', () => {
    expect(beijingDay(Date.parse('2026-03-01T15:59:59Z'))).toBe('2026-03-01')
    expect(beijingDay(Date.parse('2026-03-01T16:00:00Z'))).toBe('2026-03-02')
  })
})
