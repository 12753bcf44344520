import { createSecret, WxRefusedDataError } from '@haoma/wechat'
import { expect, it } from 'vitest'
import { readCallFailure } from './wechat-errors.ts'

// The code is spent and every further tap would end alike, so neither a retry nor another tap may be asked for.
it('takes an answer that failed verification for one that nobody can read', () => {
  const refused = new WxRefusedDataError('ERR_WX_API_SECURITY', { answer: createSecret('{}') })
  expect(readCallFailure(refused, 'phone')).toMatchObject({
    event: 'unreadable',
    error: { code: 'PHONE_UNREADABLE' },
  })
})

it('takes a number of another mini program for a fault of the program, with the code spent', () => {
  const mismatch = new WxRefusedDataError('ERR_WX_APPID_MISMATCH', { answer: createSecret('{}') })
  expect(readCallFailure(mismatch, 'phone')).toMatchObject({
    event: 'barred',
    error: { code: 'PHONE_APP_MISMATCH' },
  })
})
