import { describe, expect, it } from 'vitest'
import { endOf, minuteOf, startOf } from '../src/format/days.ts'
import { recognise } from '../src/parts/recognise.ts'

const nowMs = Date.parse('2026-11-26T03:00:00+08:00')
const kindOf = (text: string) => recognise(text, nowMs).map(({ kind, value }) => `${kind} ${value}`)

describe('a pasted text', () => {
  it.each([
    ['7k3q-9xwl', ['supportCode 7K3Q9XW1']],
    ['  “7K3Q9XWO” ', ['supportCode 7K3Q9XW0']],
    ['oQ5x_5F7Vt2kq9c0ZrB1yL3m0001', ['openid oQ5x_5F7Vt2kq9c0ZrB1yL3m0001']],
    ['138****8000', ['masked 138****8000']],
    ['138 0013 8000', ['e164 +8613800138000']],
    ['86-138-0013-8000', ['e164 +8613800138000']],
    ['+852 5123 4567', ['e164 +85251234567']],
    ['wx5f0a3c9e7b1d2468', ['appid wx5f0a3c9e7b1d2468']],
    ['6565b0f1-1c2d3e4f-5a6b7c8d', ['rid 6565b0f1-1c2d3e4f-5a6b7c8d']],
    ['PHONE_CODE_INVALID', ['outcome PHONE_CODE_INVALID']],
    ['hello', []],
    ['', []],
  ])('%j is taken for %j', (text, found) => {
    expect(kindOf(text)).toEqual(found)
  })

  it('that is a UUID may be a request or a member', () => {
    const id = '019ab0c4-7d3e-7067-8a1b-100000000103'
    expect(kindOf(id.toUpperCase())).toEqual([`requestId ${id}`, `memberId ${id}`])
  })
})

describe('a minute', () => {
  it.each([
    ['02:07', '2026-11-26T02:07'],
    ['2:07:33', '2026-11-26T02:07'],
    ['11-25 14:03', '2026-11-25T14:03'],
    ['11/25 14:03:59.123', '2026-11-25T14:03'],
    ['11月25日 14:03', '2026-11-25T14:03'],
    ['2025-02-28 23:59', '2025-02-28T23:59'],
    // A day that is not there yet this year was last year's.
    ['12-31 08:00', '2025-12-31T08:00'],
    ['2026-11-25T06:03:22.041Z', '2026-11-25T14:03'],
  ])('%s is that of Shanghai', (text, minute) => {
    expect(kindOf(text)).toEqual([`minute ${minute}`])
  })

  it.each(['25:00', '13-40 10:00', '10:99'])('%s is none', (text) => {
    expect(kindOf(text)).toEqual([])
  })
})

it('reads days and minutes as those of Shanghai, their ends included', () => {
  expect(startOf('2026-11-25')).toBe('2026-11-24T16:00:00.000Z')
  expect(endOf('2026-11-25')).toBe('2026-11-25T16:00:00.000Z')
  expect(startOf('2026-11-25T14:03')).toBe('2026-11-25T06:03:00.000Z')
  expect(endOf('2026-11-25T14:03')).toBe('2026-11-25T06:04:00.000Z')
  expect(minuteOf(Date.parse('2026-11-25T16:30:59Z'))).toBe('2026-11-26T00:30')
})
