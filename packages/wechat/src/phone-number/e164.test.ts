import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkLoginCode, checkPhoneCode } from './code-shape.ts'
import { toPhoneNumber } from './e164.ts'

describe('a phone number', () => {
  it.each([
    [
      'country code as text',
      { phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode: '86' },
    ],
    [
      'country code as a number',
      { phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode: 86 },
    ],
    [
      'country code with a plus',
      { phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode: '+86' },
    ],
    ['no pure number', { phoneNumber: '13580006666', countryCode: '86' }],
  ])('is the same with %s', (_, raw) => {
    expect(toPhoneNumber(raw)).toEqual({
      e164: '+8613580006666',
      nationalNumber: '13580006666',
      countryCallingCode: '86',
    })
  })

  it.each([
    ['with a plus', '+85261234567'],
    ['without', '85261234567'],
  ])('from abroad is the same %s', (_, phoneNumber) => {
    const expected = { e164: '+85261234567', nationalNumber: '61234567', countryCallingCode: '852' }
    expect(toPhoneNumber({ phoneNumber, purePhoneNumber: '61234567', countryCode: '852' })).toEqual(expected)
    expect(toPhoneNumber({ phoneNumber, countryCode: 852 })).toEqual(expected)
  })

  it.each([
    {},
    { purePhoneNumber: '', countryCode: '86' },
    { purePhoneNumber: '13580006666' },
    { purePhoneNumber: null, countryCode: null },
    { purePhoneNumber: '12', countryCode: '86' },
    { purePhoneNumber: '13580006666', countryCode: '0' },
    { purePhoneNumber: '1'.repeat(30), countryCode: '86' },
  ])('is not made up from %j', (raw) => {
    expect(toPhoneNumber(raw)).toBeUndefined()
  })

  it('is plus and digits, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.anything(),
        fc.anything(),
        (phoneNumber, purePhoneNumber, countryCode) => {
          const number = toPhoneNumber({ phoneNumber, purePhoneNumber, countryCode })
          if (number !== undefined) expect(number.e164).toMatch(/^\+[1-9]\d{3,16}$/)
        },
      ),
    )
  })
})

describe('the shape of a code', () => {
  it('refuses only the one mistake: one kind for the other', () => {
    const login = '0b3Kq1Ga1MbKXA0XkqHa1Xq2Dq0Kq1GZ'
    const phone = 'e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144'
    expect(() => checkPhoneCode(login)).toThrow(
      expect.objectContaining({ code: 'ERR_WX_LOGIN_CODE_AS_PHONE_CODE' }),
    )
    expect(() => checkLoginCode(phone)).toThrow(
      expect.objectContaining({ code: 'ERR_WX_PHONE_CODE_AS_LOGIN_CODE' }),
    )
    expect(checkPhoneCode(` ${phone}\n`)).toBe(phone)
    expect(checkLoginCode(login)).toBe(login)
    expect(checkPhoneCode('another shape some day')).toBe('another shape some day')
  })

  it.each(['', '  ', undefined, null, 5])('refuses %j as empty', (code) => {
    expect(() => checkPhoneCode(code as string)).toThrow(
      expect.objectContaining({ code: 'ERR_WX_BAD_OPTION' }),
    )
  })
})
