import { describe, expect, it } from 'vitest'
import { readPhoneEvent } from './phone-event.ts'

describe('the event of the phone button', () => {
  it('is a success exactly when its code is a string that is not empty', () => {
    expect(readPhoneEvent({ code: 'abc', errMsg: 'getPhoneNumber:ok' })).toEqual({ phoneCode: 'abc' })
    expect(readPhoneEvent({ code: 'abc', errMsg: 'getPhoneNumber:fail user deny' })).toEqual({
      phoneCode: 'abc',
    })
    expect(readPhoneEvent({ code: 7 })).toEqual({ reason: 'unknown' })
  })

  it('that is a success without a code comes from a WeChat that will never give one', () => {
    for (const detail of [
      { errMsg: 'getPhoneNumber:ok', encryptedData: 'e', iv: 'i' },
      { code: '', errMsg: 'getPhoneNumber:ok' },
    ])
      expect(readPhoneEvent(detail)).toEqual({ reason: 'client-too-old' })
  })

  it.each([
    [undefined],
    [null],
    [''],
    ['getPhoneNumber:ok'],
    [0],
    [[]],
    [{}],
    [{ detail: null }],
    [{ detail: undefined }],
    [{ errMsg: 7, errno: {} }],
    [Object.create(null)],
  ])('ends in an outcome whatever is handed in: %j', (handed) => {
    expect(readPhoneEvent(handed)).toEqual({ reason: 'unknown' })
  })

  it('is found wherever a wrapper component puts it', () => {
    const detail = { code: 'abc' }
    for (const handed of [detail, { detail }, { detail: { detail } }, [detail], { detail: [detail] }])
      expect(readPhoneEvent(handed)).toEqual({ phoneCode: 'abc' })
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
    ['getPhoneNumber:fail cancel to bind phone', 'denied'],
    ['getPhoneNumber:fail:cancel to confirm login', 'denied'],
    ['getPhoneNumber:fail 用户拒绝授权', 'denied'],
    ['getPhoneNumber:fail:用户取消', 'denied'],
    ['getPhoneNumber:fail 该 appid 没有权限', 'no-permission'],
    ['getPhoneNumber:fail 该小程序未认证', 'no-permission'],
    ['getPhoneNumber:fail appid privacy api banned', 'permission-withdrawn'],
    ['getPhoneNumber:fail 该接口已被封禁', 'permission-withdrawn'],
    ['getPhoneNumber:fail 用户未绑定手机，请先在微信客户端进行绑定后重试', 'number-not-bound'],
    ['getPhoneNumber:fail user has not bound a phone', 'number-not-bound'],
    ['getPhoneNumber:fail phone number is not bound', 'number-not-bound'],
    ["getPhoneNumber:fail user hasn't bound phone", 'number-not-bound'],
    ['getPhoneNumber:fail 用户绑定的手机需要进行验证，请在客户端完成验证', 'number-unverified'],
    ["getPhoneNumber:fail user's phone needs to be verified", 'number-unverified'],
    ['getPhoneNumber:fail phone not verified', 'number-unverified'],
    ['getPhoneNumber:fail 隐私协议未同意', 'privacy'],
    ['getPhoneNumber:fail 隐私指引未声明该接口', 'privacy-not-declared'],
    ['getPhoneNumber:fail 该功能使用次数已达当前小程序上限，暂时无法使用', 'quota'],
    ['getPhoneNumber:fail not support', 'client-too-old'],
    ['getPhoneNumber:fail 当前微信版本过低', 'client-too-old'],
    ['getPhoneNumber:fail 操作超时', 'late'],
    ['getPhoneNumber:fail', 'unknown'],
    ['sendOpenReq:fail:no openid', 'unknown'],
  ])('without a known errno reads %j as %s', (errMsg, reason) => {
    expect(readPhoneEvent({ errMsg })).toEqual({ reason })
  })

  it.each([
    [104, 'privacy'],
    [112, 'privacy-not-declared'],
    [1400001, 'quota'],
    ['1400001', 'quota'],
    [103, 'denied'],
  ])('believes errno %s before any text', (errno, reason) => {
    expect(readPhoneEvent({ errno, errMsg: 'getPhoneNumber:fail user deny' })).toEqual({ reason })
  })

  it('falls back to the text when the errno is not in the table', () => {
    expect(readPhoneEvent({ errno: 102, errMsg: 'getPhoneNumber:fail user deny' })).toEqual({
      reason: 'denied',
    })
    expect(readPhoneEvent({ errno: 102 })).toEqual({ reason: 'unknown' })
  })
})
