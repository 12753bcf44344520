import {
  type ChargeUsageInput,
  type ChargeUsageResult,
  getChargeUsage,
  getRecentAverageUsage,
  type RecentAverageUsageResult,
} from './charge/charge-usage.ts'
import { genericCall } from './generic-call.ts'
import { type Caller, type CallOptions, callWithToken, startWait } from './internal/caller.ts'
import type { Answer, ApiCall, Query } from './internal/endpoint.ts'
import type { CallerDeps } from './internal/exchange.ts'
import type { BinaryAnswer } from './internal/read-binary.ts'
import type { Wait } from './internal/wait.ts'
import {
  type GetPhoneNumberInput,
  type GetPhoneNumberResult,
  getUserPhoneNumber,
  phoneNumberRequest,
  phoneNumberResult,
} from './phone-number/get-phone-number.ts'
import { getRid, type RidInput, type RidResult } from './quota/get-rid.ts'
import { clearApiQuota, clearQuota, getQuota, type QuotaInput, type QuotaResult } from './quota/quota.ts'
import {
  type CheckEncryptedMsgInput,
  type CheckEncryptedMsgResult,
  checkEncryptedMsg,
} from './session/check-encrypted-msg.ts'
import {
  checkSession,
  isSessionOver,
  type ResetSessionKeyResult,
  resetSessionKey,
  type SessionKeyInput,
} from './session/session-key.ts'

/** What {@link ApiCalls.call} takes beside a path. */
export interface GenericCallOptions extends CallOptions {
  /** Default is `POST` when there is a body, else `GET`. */
  readonly method?: 'GET' | 'POST' | undefined
  /** Query parameters, without `access_token`, which the call adds itself. */
  readonly query?: Query | undefined
  /** JSON body; any object. Only for `POST`. */
  readonly body?: object | undefined
  /**
   * Body of an upload, in place of `body`. It goes out as `multipart/form-data` with a `Content-Length`, which WeChat
   * insists on. Give files a name that ends as their kind does: WeChat looks at it.
   */
  readonly form?: FormData | undefined
  /**
   * Whether making the call twice does the same as making it once; it is then repeated when WeChat is busy or the
   * connection breaks. Default is true for `GET`, false for `POST`.
   */
  readonly repeatable?: boolean | undefined
}

/** Options of a call whose answer is a file. */
export interface BinaryCallOptions extends GenericCallOptions {
  /** `bytes` for a file, such as that of `/wxa/getwxacodeunlimit`. */
  readonly answer: 'bytes'
}

/** Calls that are made under an access token. Each rejects with an {@link AnyWxError}. */
export interface ApiCalls {
  /**
   * Exchanges the code of a phone button for the number.
   *
   * A phone code works once. It is never sent twice on its own account; when nobody can tell whether it was
   * spent, the error is `ERR_WX_OUTCOME_UNKNOWN` and says what to do.
   *
   * @example
   * const { e164 } = await app.getPhoneNumber({ phoneCode: event.detail.code, openid })
   * @throws WxUsageError when the code is empty, or is a login code
   * @throws WxApiError of kind `code` when the user must tap again
   * @throws WxOutcomeUnknownError when the code was sent and no result arrived
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber.html
   */
  getPhoneNumber(input: GetPhoneNumberInput, options?: CallOptions): Promise<GetPhoneNumberResult>
  /**
   * Makes any other call of WeChat's, with the same care for the token.
   *
   * @example
   * await app.call('/wxa/msg_sec_check', { body: { content, version: 2, scene: 1, openid } })
   * const code = { scene: 'a=1', page: 'pages/index/index' }
   * const { bytes } = await app.call('/wxa/getwxacodeunlimit', { body: code, answer: 'bytes' })
   * @param path - of the API, such as `/wxa/msg_sec_check`; without host and query
   * @returns WeChat's answer as it came; with `answer: 'bytes'` the file and its content type
   */
  call(path: string, options: BinaryCallOptions): Promise<BinaryAnswer>
  call<T extends object = Answer>(path: string, options?: GenericCallOptions): Promise<T>
  /**
   * Tells whether a session key is still the user's.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey.html
   */
  checkSession(input: SessionKeyInput, options?: CallOptions): Promise<boolean>
  /**
   * Replaces the session key of a user. The new one dies when the old one would have. Not for every login: WeChat
   * asks not to do it often for one user.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_resetusersessionkey.html
   */
  resetSessionKey(input: SessionKeyInput, options?: CallOptions): Promise<ResetSessionKeyResult>
  /**
   * Tells whether encrypted data came from WeChat, for this mini program, within three days.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/basic-info/api_checkencrypteddata.html
   */
  checkEncryptedMsg(input: CheckEncryptedMsgInput, options?: CallOptions): Promise<CheckEncryptedMsgResult>
  /**
   * Gives the daily quota of one call. Not for `/sns/*`, which answers 76022.
   *
   * @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_getapiquota.html
   */
  getQuota(input: QuotaInput, options?: CallOptions): Promise<QuotaResult>
  /**
   * Sets the used quota of one call back to zero. 50 times a month.
   *
   * @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_clearapiquota.html
   */
  clearApiQuota(input: QuotaInput, options?: CallOptions): Promise<void>
  /**
   * Sets the used quota of all calls back to zero. 10 times a month.
   *
   * @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_clearquota.html
   */
  clearQuota(options?: CallOptions): Promise<void>
  /**
   * Looks up a request by the rid of its error. The texts are personal data and do not print.
   *
   * @see https://developers.weixin.qq.com/doc/subscription/api/apimanage/api_getridinfo.html
   */
  getRid(input: RidInput, options?: CallOptions): Promise<RidResult>
  /**
   * Gives what is left of the paid calls of a component.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/charge/api_getusagedetail.html
   */
  getChargeUsage(input: ChargeUsageInput, options?: CallOptions): Promise<ChargeUsageResult>
  /**
   * Gives the mean use of the paid calls of a component in the last months.
   *
   * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/charge/api_getrecentaverageusage.html
   */
  getRecentAverageUsage(
    input: Pick<ChargeUsageInput, 'spuId'>,
    options?: CallOptions,
  ): Promise<RecentAverageUsageResult>
}

/**
 * @param find - gives who calls; a promise, which the wait ends, while an app is still being looked up
 * @param deps - what all calls of a client share
 */
export function createApiCalls(find: (wait: Wait) => Caller | Promise<Caller>, deps: CallerDeps): ApiCalls {
  function bind<Input, Result>({ endpoint, request, result }: ApiCall<Input, Result>) {
    return async (input: Input, options?: CallOptions): Promise<Result> => {
      const wait = startWait(options, deps)
      const caller = await find(wait)
      const call = { endpoint, input: await request(input, caller.appid), wait }
      return result(await callWithToken(call, caller, deps))
    }
  }
  const ask = { checkSession: bind(checkSession), clearQuota: bind(clearQuota) }

  return {
    async getPhoneNumber(input, options) {
      const request = phoneNumberRequest(input)
      const wait = startWait(options, deps)
      const found = find(wait)
      const caller = found instanceof Promise ? await found : found
      const call = { endpoint: getUserPhoneNumber, input: request, wait }
      return phoneNumberResult(await callWithToken(call, caller, deps), caller.appid)
    },
    async call<T extends object>(path: string, options: GenericCallOptions = {}): Promise<T> {
      const wait = startWait(options, deps)
      const call = await genericCall(path, options)
      return (await callWithToken({ ...call, wait }, await find(wait), deps)) as T
    },
    async checkSession(input, options) {
      try {
        return await ask.checkSession(input, options)
      } catch (error) {
        if (isSessionOver(error)) return false
        throw error
      }
    },
    resetSessionKey: bind(resetSessionKey),
    checkEncryptedMsg: bind(checkEncryptedMsg),
    getQuota: bind(getQuota),
    clearApiQuota: bind(clearApiQuota),
    clearQuota: (options) => ask.clearQuota(undefined, options),
    getRid: bind(getRid),
    getChargeUsage: bind(getChargeUsage),
    getRecentAverageUsage: bind(getRecentAverageUsage),
  }
}
