import type {
  LoginRequest,
  LoginResponse,
  MeResponse,
  PhoneRequest,
  PhoneResponse,
  Problem,
  SessionsResponse,
  SessionView,
  SmsLoginRequest,
  SmsSendRequest,
  SmsSendResponse,
  TelemetryRequest,
} from '@haoma/protocol'
import { LoginError } from './login-error.ts'
import type { HttpRequest, Platform } from './platform/platform.ts'

interface ServiceOptions {
  platform: Platform
  baseUrl: string
  timeoutMs: number
}

export type Service = ReturnType<typeof createService>

/** The calls of the login service. Each throws {@link LoginError} and sends once. */
export function createService({ platform, baseUrl, timeoutMs }: ServiceOptions) {
  const root = baseUrl.replace(/\/+$/, '')

  /** Believes an answer only when it holds what its call is for: hotspots and firewalls answer 200 as well. */
  async function send<T>(
    method: HttpRequest['method'],
    path: string,
    holds: (answer: Loose) => boolean,
    { body, accessToken }: { body?: object; accessToken?: string | undefined } = {},
  ): Promise<T> {
    const answer = await platform.request({
      method,
      url: root + path,
      headers: accessToken ? { authorization: `Bearer ${accessToken}` } : {},
      ...(body && { body }),
      timeoutMs,
    })
    const read = (typeof answer.body === 'object' && answer.body !== null ? answer.body : {}) as Loose
    if (answer.status >= 200 && answer.status < 300 && holds(read)) return answer.body as T
    throw new LoginError(isProblem(answer.body) ? answer.body : 'bad-answer')
  }

  return {
    login: (body: LoginRequest) => send<LoginResponse>('POST', '/v1/login', isLogin, { body }),
    phone: (body: PhoneRequest, accessToken: string) =>
      send<PhoneResponse>('POST', '/v1/phone', isBound, { body, accessToken }),
    unbind: (accessToken: string) => send<MeResponse>('DELETE', '/v1/phone', isMember, { accessToken }),
    merge: (ticket: string, accessToken: string) =>
      send<LoginResponse>('POST', '/v1/identity/merge', isLogin, { body: { ticket }, accessToken }),
    me: (accessToken: string) => send<MeResponse>('GET', '/v1/me', isMember, { accessToken }),
    refresh: (refreshToken: string) =>
      send<SessionView>('POST', '/v1/session/refresh', isSession, { body: { refreshToken } }),
    endSession: (accessToken: string) => send('DELETE', '/v1/session', () => true, { accessToken }),
    sessions: (accessToken: string) =>
      send<SessionsResponse>('GET', '/v1/sessions', ({ sessions }) => Array.isArray(sessions), {
        accessToken,
      }),
    endOther: (id: string, accessToken: string) =>
      send('DELETE', `/v1/sessions/${encodeURIComponent(id)}`, () => true, { accessToken }),
    sendSms: (body: SmsSendRequest) =>
      send<SmsSendResponse>('POST', '/v1/sms/send', ({ requestId }) => isText(requestId), { body }),
    loginBySms: (body: SmsLoginRequest) => send<LoginResponse>('POST', '/v1/sms/login', isLogin, { body }),
    events: (body: TelemetryRequest) => send('POST', '/v1/events', () => true, { body }),
  }
}

type Loose = Record<string, unknown>

const isText = (value: unknown) => typeof value === 'string' && value.length > 0
const part = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as Loose
const isMember = (answer: Loose) =>
  isText(part(answer.member).id) && typeof part(part(answer.member).phone).bound === 'boolean'
const isBound = (answer: Loose) => isMember(answer) && part(part(answer.member).phone).bound === true
const isSession = (answer: Loose) => isText(answer.accessToken) && isText(answer.refreshToken)
const isLogin = (answer: Loose) => isMember(answer) && isSession(part(answer.session))

/** A proxy between us and the service may answer anything at all. */
function isProblem(body: unknown): body is Problem {
  const { code, action, texts } = part(body)
  return isText(code) && isText(action) && isText(part(texts).zh) && isText(part(texts).en)
}
