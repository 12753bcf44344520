import { expect, expectTypeOf, it } from 'vitest'
import type { EncryptedData } from '../src/encrypted-data/index.ts'
import {
  type AnyWxError,
  type ApiSecurityConfig,
  type App,
  type BinaryAnswer,
  type FetchTransportOptions,
  isWxError,
  type Secret,
  type WeChatOptions,
  WxAccessTokenError,
  WxApiError,
  WxOutcomeUnknownError,
  WxRefusedDataError,
  WxTransportError,
  WxUnreadableAnswerError,
  WxUsageError,
} from '../src/index.ts'
import type { UndiciTransportOptions } from '../src/transport/undici.ts'

// The compiler checks these; they run so that a test runner counts them.

it('error.name narrows to one class', () => {
  const see = (error: AnyWxError) => {
    if (error.name === 'WxApiError') expectTypeOf(error).toEqualTypeOf<WxApiError>()
    if (error.name === 'WxTransportError') expectTypeOf(error.requestSent).toEqualTypeOf<boolean>()
    if (error.name === 'WxUnreadableAnswerError') expectTypeOf(error.answer).toEqualTypeOf<Secret>()
  }
  expect(see).toBeTypeOf('function')
})

it('error.kind narrows to the classes that can have it', () => {
  const see = (error: AnyWxError) => {
    if (error.kind === 'unreadable') expectTypeOf(error).toEqualTypeOf<WxUnreadableAnswerError>()
    if (error.kind === 'user-risk') expectTypeOf(error).toEqualTypeOf<WxApiError>()
    if (error.kind === 'busy') expectTypeOf(error.errcode).toEqualTypeOf<number>()
  }
  expect(see).toBeTypeOf('function')
})

it('the name of each class is its own', () => {
  const answer = { reveal: () => '', toString: () => '', toJSON: () => '' }
  const all = [
    new WxApiError({ errcode: -1, errmsg: '' }, { path: '/', family: 'other' }),
    new WxTransportError('ERR_WX_TIMEOUT', { requestSent: false }),
    new WxUsageError('ERR_WX_CLOSED'),
    new WxRefusedDataError('ERR_WX_DATA_TOO_OLD'),
    new WxAccessTokenError('ERR_WX_TOKEN_BUDGET'),
    new WxOutcomeUnknownError({ cause: undefined }),
    new WxUnreadableAnswerError({ detail: '', answer }),
  ]
  for (const error of all) {
    expect(error.name).toBe(error.constructor.name)
    expect(isWxError(error)).toBe(true)
    expect(error.stack).toContain(error.name)
  }
})

it('every option may be undefined under exactOptionalPropertyTypes', () => {
  const client: WeChatOptions = { apps: undefined, timeoutMs: undefined, hosts: undefined }
  const fetching: FetchTransportOptions = { fetch: undefined }
  const undici: UndiciTransportOptions = {
    connections: undefined,
    connectTimeoutMs: undefined,
    dispatcher: undefined,
  }
  type Aged = Pick<EncryptedData, 'maxAgeS' | 'nowS'>
  const data: Aged = { maxAgeS: undefined, nowS: undefined }
  type Secured = Pick<ApiSecurityConfig, 'privateKeySn' | 'toleranceS' | 'signedOrigin' | 'additionalPaths'>
  const security: Secured = { privateKeySn: undefined, toleranceS: undefined, signedOrigin: undefined }
  expect([client, fetching, undici, data, security]).toHaveLength(5)
})

it('a call for bytes gives bytes, any other what its caller says', () => {
  const see = (app: App) => {
    expectTypeOf(app.call('/wxa/x', { answer: 'bytes' })).resolves.toEqualTypeOf<BinaryAnswer>()
    expectTypeOf(app.call<{ a: 1 }>('/wxa/x')).resolves.toEqualTypeOf<{ a: 1 }>()
    expectTypeOf(app.call('/wxa/x', { body: {} })).resolves.toEqualTypeOf<Record<string, unknown>>()
  }
  expect(see).toBeTypeOf('function')
})
