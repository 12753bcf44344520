import type { LoginRequest, MemberView } from '@haoma/protocol'
import { endings, type LocalReason } from '../src/endings.ts'
import { LoginError } from '../src/login-error.ts'
import type { HttpAnswer, HttpRequest, Platform } from '../src/platform/platform.ts'

export type Answer = HttpAnswer | LoginError | Promise<HttpAnswer>

/** A platform whose service says what the test has laid out, and which remembers all that was asked of it. */
export function createFakePlatform(overrides: Partial<Platform> = {}) {
  const requests: HttpRequest[] = []
  const stored = new Map<string, unknown>()
  const script = new Map<string, Answer[]>()
  let logins = 0

  const platform: Platform = {
    wechat: 'native',
    language: 'zh',
    combinesPrivacy: true,
    ready: async () => undefined,
    login: async () => `login-code-${++logins}`,
    needsPrivacy: async () => false,
    requestPhoneNumber: () => Promise.reject(new LoginError('outside-wechat')),
    request: async (request) => {
      requests.push(request)
      const key = keyOf(request)
      const answers = script.get(key)
      const answer = answers && answers.length > 1 ? answers.shift() : answers?.[0]
      if (!answer) throw new Error(`The test laid out no answer to ${key}`)
      if (answer instanceof Error) throw answer
      return answer
    },
    storage: {
      get: (key) => stored.get(key),
      set: (key, value) => void stored.set(key, structuredClone(value)),
      remove: (key) => void stored.delete(key),
    },
    ...overrides,
  }

  return {
    platform,
    requests,
    stored,
    logins: () => logins,
    /** Answers of one call in order; the last one stays. */
    serve(call: string, ...answers: Answer[]) {
      script.set(call, answers)
    },
    /** Bodies that were sent to one call. */
    sentTo: (call: string) =>
      requests
        .filter((request) => keyOf(request) === call)
        .map(({ body }) => {
          const { client: _, ...rest } = body as LoginRequest
          return rest
        }),
  }
}

const keyOf = ({ method, url }: HttpRequest) => `${method} ${new URL(url).pathname}`

export const unbound: MemberView = { id: 'm1', phone: { bound: false, masked: null, verifiedAt: null } }
export const bound: MemberView = {
  id: 'm1',
  phone: { bound: true, masked: '138****8000', verifiedAt: '2026-01-01T00:00:00.000Z' },
}

export const ok = (body: unknown): HttpAnswer => ({ status: 200, body })
export const sessionOf = (name: string, expiresInS = 900) => ({
  accessToken: `access-${name}`,
  expiresInS,
  refreshExpiresInS: 86_400,
  refreshToken: `refresh-${name}`,
})
export const signedIn = (member: MemberView, name = '1') => ok({ member, session: sessionOf(name) })

/** A problem document of the service. */
export const problem = (code: string, action: string, more: object = {}): HttpAnswer => ({
  status: 400,
  body: { code, action, texts: { zh: `${code} 中文`, en: `${code} english` }, requestId: 'r-1', ...more },
})

/** A request that never reached the service, or whose answer never came back. */
export const lost = (reason: LocalReason = 'network') => new LoginError(reason)

export const reasons = Object.keys(endings) as LocalReason[]
export const phoneCode = 'c'.repeat(64)
