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

  const mainland = '+8613580006666'
  it.each([
    ['+8613580006666', '86', mainland],
    ['8613580006666', '86', mainland],
    ['008613580006666', '86', mainland],
    ['013580006666', '86', mainland],
    [' 135-8000 6666 ', ' +86 ', mainland],
    ['１３５８０００６６６６', '８６', mainland],
    [13580006666, 86, mainland],
    ['13580006666', '0086', mainland],
    ['13580006666', '086', mainland],
    ['13580006666', undefined, mainland],
    ['13580006666', null, mainland],
    ['13580006666', '', mainland],
    ['13580006666', '0', mainland],
    ['+8613580006666', undefined, mainland],
    ['8613580006666', '', mainland],
    ['+85261234567', undefined, '+85261234567'],
    ['0085261234567', '', '+85261234567'],
    ['+852 6123 4567', '852', '+85261234567'],
    ['85212345', '852', '+85285212345'],
    ['0912345678', '886', '+886912345678'],
    ['0612345678', '33', '+33612345678'],
    ['0612345678', '39', '+390612345678'],
    ['0712345678', '225', '+2250712345678'],
    ['8761234567', '1', '+18761234567'],
    ['1234567', '1876', '+18761234567'],
    ['8761234567', '1876', '+18761234567'],
    ['8761234567', '1-876', '+18761234567'],
    ['(684) 123-4567', '1-684', '+16841234567'],
    ['7771234567', '+1 787', '+17771234567'],
  ])('is read from %j with country code %j', (purePhoneNumber, countryCode, e164) => {
    const number = toPhoneNumber({ purePhoneNumber, countryCode })
    expect(number?.e164).toBe(e164)
    expect(`+${number?.countryCallingCode}${number?.nationalNumber}`).toBe(e164)
  })

  it.each([
    [{ phoneNumber: '85261234567', purePhoneNumber: '61234567' }, '852'],
    [{ phoneNumber: '+85261234567', purePhoneNumber: '61234567', countryCode: '' }, '852'],
    [{ phoneNumber: '85261234567', purePhoneNumber: '85261234567', countryCode: '852' }, '852'],
    [{ phoneNumber: '+85261234567', purePhoneNumber: null, countryCode: null }, '852'],
  ])('finds the country, and takes it off, in %j', (raw, countryCallingCode) => {
    expect(toPhoneNumber(raw)).toEqual({
      e164: '+85261234567',
      nationalNumber: '61234567',
      countryCallingCode,
    })
  })

  it.each([
    {},
    { purePhoneNumber: '', countryCode: '86' },
    { purePhoneNumber: null, countryCode: null },
    { purePhoneNumber: '12', countryCode: '86' },
    { purePhoneNumber: '00000000000', countryCode: '86' },
    { purePhoneNumber: '1'.repeat(30), countryCode: '86' },
    { purePhoneNumber: '135****6666', countryCode: '86' },
    { purePhoneNumber: '135****6666', phoneNumber: '135****6666', countryCode: '86' },
    { purePhoneNumber: '13580006666', countryCode: '86.5' },
    { purePhoneNumber: '13580006666', countryCode: 86.5 },
    { purePhoneNumber: '13580006666', countryCode: 'CN' },
    { purePhoneNumber: '13580006666', countryCode: {} },
    { purePhoneNumber: '13580006666', countryCode: '12345' },
    { purePhoneNumber: '61234567' },
    { purePhoneNumber: '+85261234567', countryCode: '86' },
    { purePhoneNumber: Number.NaN, countryCode: '86' },
    { purePhoneNumber: 1e21, countryCode: '86' },
    { purePhoneNumber: ['13580006666'], countryCode: '86' },
    { purePhoneNumber: '+', countryCode: '86' },
    { purePhoneNumber: '12345678901234', countryCode: '852' },
  ])('is not made up from %j', (raw) => {
    expect(toPhoneNumber(raw)).toBeUndefined()
  })

  it('is plus and digits, whatever comes', () => {
    const field = fc.oneof(fc.anything(), fc.stringMatching(/^[+0]{0,3}[\d -]{0,16}$/), fc.nat())
    fc.assert(
      fc.property(field, field, field, (phoneNumber, purePhoneNumber, countryCode) => {
        const number = toPhoneNumber({ phoneNumber, purePhoneNumber, countryCode })
        if (number !== undefined) expect(number.e164).toMatch(/^\+[1-9]\d{4,14}$/)
      }),
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
