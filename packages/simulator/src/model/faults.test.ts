import { describe, expect, it } from 'vitest'
import { createFaults } from './faults.ts'
import { createRandom } from './random.ts'

const path = '/wxa/business/getuserphonenumber'
const open = (seed = 'seed') => createFaults(createRandom(seed))

describe('faults', () => {
  it('fall on the named path and app only', () => {
    const faults = open()
    faults.add({ kind: 'errcode', path, appid: 'wxa' })
    expect(faults.draw(path, 'wxa')).toHaveLength(1)
    expect(faults.draw('/cgi-bin/token', 'wxa')).toHaveLength(0)
    expect(faults.draw(path, 'wxb')).toHaveLength(0)
    expect(faults.draw(path, undefined)).toHaveLength(0)
  })

  it('are gone when their count is used up', () => {
    const faults = open()
    faults.add({ kind: 'drop-after', count: 2 })
    expect([1, 2, 3].map(() => faults.draw(path, 'wxa').length)).toEqual([1, 1, 0])
    expect(faults.list()).toEqual([])
  })

  it('fall on the given share of calls, the same ones for the same seed', () => {
    const run = (seed: string) => {
      const faults = open(seed)
      faults.add({ kind: 'errcode', share: 0.3 })
      return Array.from({ length: 2000 }, () => faults.draw(path, 'wxa').length)
    }
    const hits = run('one').reduce((sum, hit) => sum + hit, 0)
    expect(hits).toBeGreaterThan(500)
    expect(hits).toBeLessThan(700)
    expect(run('one')).toEqual(run('one'))
    expect(run('one')).not.toEqual(run('two'))
  })

  it('can be taken back one by one', () => {
    const faults = open()
    const { id } = faults.add({ kind: 'latency', latencyMs: 5 })
    faults.add({ kind: 'garbage' })
    expect(faults.remove(id)).toBe(true)
    expect(faults.remove(id)).toBe(false)
    expect(faults.list().map(({ kind }) => kind)).toEqual(['garbage'])
  })
})
