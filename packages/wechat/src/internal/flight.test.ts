import { afterEach, expect, it, vi } from 'vitest'
import { createVirtualClock } from '../../test/virtual-clock.ts'
import { createFlight } from './flight.ts'

afterEach(() => void vi.unstubAllGlobals())

/** Counts how often work is started; none of it ever ends but the first when told. */
function open() {
  const time = createVirtualClock()
  const flight = createFlight<number>({ clock: time.forHost(), longestMs: 1000 })
  let started = 0
  let end: (value: number) => void = () => {}
  const work = () => {
    started += 1
    return new Promise<number>((resolve) => (end = resolve))
  }
  return { time, flight, work, started: () => started, end: (value: number) => end(value) }
}

it('is joined by all who ask while it is under way, and begun anew after', async () => {
  const { flight, work, started, end } = open()
  const [one, other] = [flight.join(work), flight.join(work)]
  expect(started()).toBe(1)
  end(7)
  expect([await one, await other]).toEqual([7, 7])
  await new Promise((resolve) => setImmediate(resolve))
  void flight.join(work)
  expect(started()).toBe(2)
})

it('is taken as lost by whoever asks after its longest time', async () => {
  const { time, flight, work, started } = open()
  void flight.join(work)
  await time.advance(999)
  void flight.join(work)
  expect(started()).toBe(1)
  await time.advance(1)
  void flight.join(work)
  expect(started()).toBe(2)
})

it('is joined by nobody in Workers, where a promise belongs to its request', () => {
  vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
  const { flight, work, started } = open()
  void flight.join(work)
  void flight.join(work)
  expect(started()).toBe(2)
  expect(flight.current()).toBeUndefined()
})
