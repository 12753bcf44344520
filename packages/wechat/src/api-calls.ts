import { WxUsageError } from './errors/index.ts'
import { type Caller, type CallOptions, callWithToken } from './internal/caller.ts'
import { type Answer, type CallInput, type Endpoint, endpoint, type Query } from './internal/endpoint.ts'
import type { CallerDeps } from './internal/exchange.ts'
import {
  type GetPhoneNumberInput,
  type GetPhoneNumberResult,
  getUserPhoneNumber,
  phoneNumberRequest,
  phoneNumberResult,
} from './phone-number/get-phone-number.ts'

/** What {@link ApiCalls.call} takes beside a path. */
export interface GenericCallOptions extends CallOptions {
  /** Default is `POST` when there is a body, else `GET`. */
  readonly method?: 'GET' | 'POST' | undefined
  /** Query parameters, without `access_token`. */
  readonly query?: Query | undefined
  /** JSON body. */
  readonly body?: Readonly<Record<string, unknown>> | undefined
  /**
   * Whether making the call twice does the same as making it once; it is then repeated when WeChat is busy or the
   * connection breaks. Default is true for `GET`, false for `POST`.
   */
  readonly repeatable?: boolean | undefined
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
   * @param path - of the API, such as `/wxa/msg_sec_check`; without host and query
   * @returns WeChat's answer as it came
   */
  call<T extends object = Answer>(path: string, options?: GenericCallOptions): Promise<T>
}

const known = new Map<string, Endpoint>([[getUserPhoneNumber.path, getUserPhoneNumber]])

/**
 * @param find - gives who calls; a promise while an app is still being looked up
 * @param deps - what all calls of a client share
 */
export function createApiCalls(find: () => Caller | Promise<Caller>, deps: CallerDeps): ApiCalls {
  async function make(endpoint: Endpoint, input: CallInput, options?: CallOptions): Promise<Answer> {
    const found = find()
    const caller = found instanceof Promise ? await found : found
    return callWithToken({ endpoint, input, options }, caller, deps)
  }

  return {
    async getPhoneNumber(input, options) {
      const request = phoneNumberRequest(input)
      const found = find()
      const caller = found instanceof Promise ? await found : found
      const answer = await callWithToken(
        { endpoint: getUserPhoneNumber, input: request, options },
        caller,
        deps,
      )
      return phoneNumberResult(answer, caller.appid)
    },
    async call<T extends object>(path: string, options: GenericCallOptions = {}): Promise<T> {
      const { query, body } = options
      return (await make(endpointOf(path, options), { query, body }, options)) as T
    },
  }
}

function endpointOf(path: string, { method, body, repeatable }: GenericCallOptions): Endpoint {
  if (!/^\/[\w./-]+$/.test(path)) {
    throw new WxUsageError('ERR_WX_BAD_OPTION', 'path must look like /wxa/…, with neither host nor query')
  }
  if (path.startsWith('/sns/') || /^\/cgi-bin\/(stable_)?token$/.test(path)) {
    throw new WxUsageError(
      'ERR_WX_BAD_OPTION',
      `${path} takes no access token: use code2Session or getAccessToken`,
    )
  }
  const verb = method ?? (body === undefined ? 'GET' : 'POST')
  return known.get(path) ?? endpoint(verb, path, { repeatable: repeatable ?? verb === 'GET' })
}
