import type { IncomingHttpHeaders } from 'node:http'
import type { AccessToken } from '../model/access-tokens.ts'
import type { App } from '../model/apps.ts'
import type { Model } from '../model/model.ts'
import type { QuotaLimits } from '../model/quotas.ts'
import type { Switches } from '../model/switches.ts'
import type { Answer, Family } from './answer.ts'

/** A call as it came off the wire. */
export interface ApiCall {
  model: Model
  endpoint: Endpoint
  /** The rid of this call. */
  rid: () => string
  method: string
  query: URLSearchParams
  rawBody: string
  headers: IncomingHttpHeaders
  /** Whether it came over TLS. */
  isSecure: boolean
  clientIp: () => string
  /** WeChat's clock: the model's, moved by a `clock-skew` fault. */
  nowMs: number
  /** The JSON body, or what was inside an encrypted one. Filled by the checks. */
  body: Record<string, unknown>
  /** The account the call is made for. Filled by the checks. */
  app?: App
  /** Filled by the checks of calls that carry an access token. */
  token?: AccessToken
  /**
   * The URL that was signed, when the request came signed and encrypted: the answer is sealed for the same
   * one. Filled by the checks.
   */
  signedUrl?: string
}

/** A call that has passed the checks. */
export type ReadyCall = ApiCall & { app: App }

/** Where a call with an AppSecret carries it, and what else is checked with it. */
export interface SecretAuth {
  kind: 'app-secret'
  in: 'body' | 'query' | 'either'
  secretField: 'secret' | 'appsecret'
  grantType?: string
  /** Whether the IP whitelist guards it; the name of a switch where WeChat does not say. */
  whitelist: 'guarded' | 'code2session-whitelist'
}

export interface TokenAuth {
  kind: 'access-token'
  /** `phone`: needs the permission for phone components; `mini-program`: any of those; `any`: official accounts too. */
  needs: 'any' | 'mini-program' | 'phone'
  /** Whether API security covers it. */
  isSignable: boolean
}

/** One path of WeChat's API host: everything that is known of it, as data. */
export interface Endpoint {
  path: string
  method: 'GET' | 'POST'
  /** `switch`: the pages say GET, and whether a POST is answered too is up to `get-calls-by-post`. */
  alsoPost?: 'switch'
  /** A form body is answered where the named switch says so. */
  formSwitch?: 'checkencryptedmsg-form'
  family: Family
  /** `unknown` marks the one that stands for every path that is not there. */
  auth: SecretAuth | TokenAuth | { kind: 'unknown' }
  /** Calls a day and a minute, unless the app has numbers of its own. */
  quota: QuotaLimits | ((switches: Switches) => QuotaLimits)
  /** The text of 45009 where it is not the usual one. */
  overQuotaErrmsg?: string
  handle(call: ReadyCall): Answer
  /** Called when a check has refused the call before `handle`. */
  onRefused?(call: ApiCall): void
}

/** For limits WeChat does not publish: high enough that only a test that lowers them meets them. */
export const UNPUBLISHED: QuotaLimits = { daily: 10_000_000, perMinute: 5_000_000 }

/** The limits of an endpoint for an app. */
export function limitsOf({ path, quota }: Endpoint, app: App, switches: Switches): QuotaLimits {
  const limits = typeof quota === 'function' ? quota(switches) : quota
  const own = app.quotas[path]
  return own ? { daily: own.daily ?? limits.daily, perMinute: own.perMinute ?? limits.perMinute } : limits
}

/** Whether a form or query of a POST is read in place of a GET's query. */
export function isPostOfGet({ endpoint, method, model }: ApiCall): boolean {
  return (
    method === 'POST' &&
    endpoint.alsoPost === 'switch' &&
    model.switches.get('get-calls-by-post') === 'answered'
  )
}

/** The fields of a GET call: of its query, and of the form of a POST in its place. */
export function queryField(call: ApiCall, name: string): string | undefined {
  const inQuery = call.query.get(name)
  if (inQuery !== null || !isPostOfGet(call)) return inQuery ?? undefined
  return new URLSearchParams(call.rawBody).get(name) ?? undefined
}

/** A body field or query parameter as a string; numbers are taken as WeChat takes them, anything else is none. */
export function stringField(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}
