import { describe, expect, it } from 'vitest'
import { readPhoneEvent } from './phone-event.ts'

describe('the event of the phone button', () => {
  it('is a success exactly when its code is a string that is not empty', () => {
    expect(readPhoneEvent({ code: 'abc', errMsg: 'getPhoneNumber:ok' })).toEqual({ phoneCode: 'abc' })
    expect(readPhoneEvent({ code: 'abc', errMsg: 'getPhoneNumber:fail user deny' })).toEqual({
      phoneCode: 'abc',
    })
    expect(readPhoneEvent({ code: '', errMsg: 'getPhoneNumber:ok' })).toEqual({ reason: 'unknown' })
    expect(readPhoneEvent({ code: 7 as unknown as string })).toEqual({ reason: 'unknown' })
  })

  it.each([
    ['getPhoneNumber:fail user deny', 'denied'],
    ['getPhoneNumber:fail:user deny', 'denied'],
    ['getPhoneNumber:user deny', 'denied'],
    ['getPhoneNumber:fail user cancel', 'denied'],
    ['getPhoneNumber:fail auth deny', 'denied'],
    ['getRealtimePhoneNumber:fail USER DENY', 'denied'],
    ['getPhoneNumber:fail no permission', 'no-permission'],
    ['getPhoneNumber:fail privacy permission is not authorized', 'privacy'],
    ['getPhoneNumber:fail api scope is not declared in the privacy agreement', 'privacy-not-declared'],
    ['getPhoneNumber:fail time out', 'late'],
    ['getPhoneNumber:fail timeout', 'late'],
    ['getPhoneNumber:fail', 'unknown'],
    ['sendOpenReq:fail:no openid', 'unknown'],
  ])('without a known errno reads %j as %s', (errMsg, reason) => {
    expect(readPhoneEvent({ errMsg })).toEqual({ reason })
  })

  it.each([
    [104, 'privacy'],
    [112, 'privacy-not-declared'],
    [1400001, 'quota'],
  ])('believes errno %i before any text', (errno, reason) => {
    expect(readPhoneEvent({ errno, errMsg: 'getPhoneNumber:fail user deny' })).toEqual({ reason })
  })

  it('falls back to the text when the errno is not in the table', () => {
    expect(readPhoneEvent({ errno: 102, errMsg: 'getPhoneNumber:fail user deny' })).toEqual({
      reason: 'denied',
    })
    expect(readPhoneEvent({ errno: 102 })).toEqual({ reason: 'unknown' })
  })
})
