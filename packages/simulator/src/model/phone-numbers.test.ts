import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivePhoneNumber, displayPhoneNumber, parsePhoneNumber } from './phone-numbers.ts'

describe('a phone number that was typed', () => {
  it.each([
    ['13800138000', '86', '13800138000'],
    ['138 0013 8000', '86', '13800138000'],
    ['+8613800138000', '86', '13800138000'],
    ['+85261234567', '852', '61234567'],
    ['+12125550123', '1', '2125550123'],
  ])('%s is +%s %s', (typed, countryCallingCode, nationalNumber) => {
    expect(parsePhoneNumber(typed)).toEqual({ countryCallingCode, nationalNumber })
  })

  it.each(['', '1380013800', '12800138000', '+', '+999', 'abc', '138001380001'])('%j is none', (typed) => {
    expect(parsePhoneNumber(typed)).toBeUndefined()
  })
})

describe('a number on the sheet', () => {
  it('is masked, and foreign ones show their country code', () => {
    expect(displayPhoneNumber({ countryCallingCode: '86', nationalNumber: '13800138000' })).toBe(
      '138****8000',
    )
    expect(displayPhoneNumber({ countryCallingCode: '852', nationalNumber: '61234567' })).toBe(
      '+852 61****67',
    )
  })
})

describe('the number of a user who was given none', () => {
  it('is the same for a name, a mainland mobile number, and never a taken one', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const first = derivePhoneNumber(name, () => false)
        expect(derivePhoneNumber(name, () => false)).toEqual(first)
        expect(parsePhoneNumber(first.nationalNumber)).toEqual(first)
        const second = derivePhoneNumber(name, (number) => number === first.nationalNumber)
        expect(second.nationalNumber).not.toBe(first.nationalNumber)
      }),
    )
  })
})
