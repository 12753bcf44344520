import type {
  LoginRequest,
  LoginResponse,
  MeResponse,
  PhoneRequest,
  PhoneResponse,
  Problem,
  SessionView,
} from '@haoma/protocol'
import { LoginError } from './login-error.ts'
import type { HttpRequest, Platform } from './platform/platform.ts'

export interface Service {
  login(body: LoginRequest): Promise<LoginResponse>
  phone(body: PhoneRequest, accessToken: string): Promise<PhoneResponse>
  me(accessToken: string): Promise<MeResponse>
  refresh(refreshToken: string): Promise<SessionView>
  endSession(accessToken: string): Promise<unknown>
}

interface ServiceOptions {
  platform: Platform
  baseUrl: string
  timeoutMs: number
}

/** The calls of the login service. Each throws {@link LoginError} and sends once. */
export function createService({ platform, baseUrl, timeoutMs }: ServiceOptions): Service {
  const root = baseUrl.replace(/\/+$/, '')

  async function send<T>(
    method: HttpRequest['method'],
    path: string,
    { body, accessToken }: { body?: object; accessToken?: string },
  ): Promise<T> {
    const answer = await platform.request({
      method,
      url: root + path,
      headers: accessToken ? { authorization: `Bearer ${accessToken}` } : {},
      ...(body && { body }),
      timeoutMs,
    })
    // A hotspot's sign-in page answers 200 with HTML.
    const isJson = typeof answer.body === 'object' && answer.body !== null
    if (answer.status === 204 || (answer.status >= 200 && answer.status < 300 && isJson))
      return answer.body as T
    throw new LoginError(isProblem(answer.body) ? answer.body : 'bad-answer')
  }

  return {
    login: (body) => send('POST', '/v1/login', { body }),
    phone: (body, accessToken) => send('POST', '/v1/phone', { body, accessToken }),
    me: (accessToken) => send('GET', '/v1/me', { accessToken }),
    refresh: (refreshToken) => send('POST', '/v1/session/refresh', { body: { refreshToken } }),
    endSession: (accessToken) => send('DELETE', '/v1/session', { accessToken }),
  }
}

/** A proxy between us and the service may answer anything at all. */
function isProblem(body: unknown): body is Problem {
  const { code, action, texts } = (body ?? {}) as Partial<Problem>
  return typeof code === 'string' && typeof action === 'string' && typeof texts?.zh === 'string'
}
