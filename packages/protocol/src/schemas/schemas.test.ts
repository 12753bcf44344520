import { describe, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { loginRequest, phoneRequest } from './index.ts'

const login = { appid: 'wx5f0a3c9e7b1d2468', loginCode: 'a'.repeat(32) }

describe('loginRequest', () => {
  it('needs appid and loginCode only', () => {
    expect(loginRequest.parse(login)).toEqual(login)
  })

  it('takes codes as they are copied, with space around them', () => {
    expect(loginRequest.parse({ ...login, loginCode: ` ${login.loginCode}\n` })).toEqual(login)
  })

  it.each([
    ['no appid', { loginCode: 'x' }],
    ['an empty code', { ...login, loginCode: ' ' }],
    ['a code that is too long', { ...login, phoneCode: 'x'.repeat(limits.codeLength + 1) }],
    ['an unknown component', { ...login, component: 'fast' }],
    ['a code that is no text', { ...login, phoneCode: 1 }],
    ['null', null],
  ])('refuses %s', (_name, body) => {
    expect(loginRequest.safeParse(body).success).toBe(false)
  })
})

describe('phoneRequest', () => {
  it('needs the phone code', () => {
    expect(phoneRequest.safeParse({ component: 'quick' }).success).toBe(false)
    expect(phoneRequest.parse({ phoneCode: 'x', component: 'realtime' })).toEqual({
      phoneCode: 'x',
      component: 'realtime',
    })
  })
})
