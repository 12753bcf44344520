import { describe, expect, it } from 'vitest'
import { explainErrcode, isWxError, WxApiError, WxTransportError, WxUsageError } from './index.ts'
import { findRid, ridTime } from './rid.ts'

describe('the rid', () => {
  it.each([
    ['with a blank', 'invalid appid rid: 6aac0060-297a2899-4b3fff85'],
    ['with a comma', 'invalid code, rid: 6aac0060-297a2899-4b3fff85'],
    ['after a hint', 'invalid code hint: [hElexSDNRa-XiBFgA] rid: 6aac0060-297a2899-4b3fff85'],
  ])('is found %s', (_, errmsg) => {
    expect(findRid(errmsg)).toBe('6aac0060-297a2899-4b3fff85')
  })

  it('is not made up where there is none', () => {
    expect(findRid('system error')).toBeUndefined()
    expect(findRid('invalid code, hints: [ req_id: abc ]')).toBeUndefined()
  })

  it('carries the time of the request', () => {
    expect(ridTime('617682e0-09059ac5-34a8e2ea')).toEqual(new Date(1635156704_000))
  })
})

describe('an errcode', () => {
  const at = (errcode: number, family: 'token' | 'phone' | 'session' | 'other') =>
    new WxApiError({ errcode, errmsg: '' }, { path: '/x', family })

  it('means what it means where it came from', () => {
    expect(at(40001, 'other')).toMatchObject({ kind: 'token', code: 'ERR_WX_TOKEN' })
    expect(at(40001, 'token')).toMatchObject({ kind: 'config', code: 'ERR_WX_CONFIG', retryable: false })
    expect(at(40013, 'other')).toMatchObject({ kind: 'config', mustTapAgain: false })
    expect(at(40013, 'phone')).toMatchObject({ kind: 'code', mustTapAgain: true })
    expect(at(40029, 'session')).toMatchObject({ mustLoginAgain: true, mustTapAgain: false })
    expect(at(40226, 'session')).toMatchObject({ kind: 'user-risk', code: 'ERR_WX_USER_RISK' })
    expect(at(48001, 'phone')).toMatchObject({ kind: 'permission' })
  })

  it('that is not known is not repeated', () => {
    expect(explainErrcode(999999)).toMatchObject({ kind: 'unknown', retry: 'never' })
    expect(explainErrcode(Number.NaN)).toMatchObject({ kind: 'unknown' })
  })

  it('is said in both languages', () => {
    const { message, texts } = at(40164, 'token')
    expect(message).toContain(texts.zh)
    expect(message).toContain(texts.en)
    expect(message).toContain('40164')
  })
})

describe('isWxError', () => {
  it('knows the errors of another copy of this package, and nothing else', () => {
    expect(isWxError(new WxUsageError('ERR_WX_CLOSED'))).toBe(true)
    expect(isWxError({ [Symbol.for('haoma.wechat.error')]: true })).toBe(true)
    for (const other of [new Error(), undefined, null, 'ERR_WX_CLOSED', {}])
      expect(isWxError(other)).toBe(false)
  })
})

describe('a transport error', () => {
  it('may be repeated when a gateway failed, and not when the answer is not WeChat', () => {
    const of = (status: number) => new WxTransportError('ERR_WX_BAD_RESPONSE', { requestSent: true, status })
    expect(of(502).retryable).toBe(true)
    expect(of(200).retryable).toBe(false)
    expect(of(404).retryable).toBe(false)
  })
})
