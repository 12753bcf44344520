import type { Platform } from './platform/platform.ts'
import type { LoginActions } from './types.ts'

interface RequestParts {
  platform: Platform
  timeoutMs: number
  /** A token that is not the failed one. */
  accessToken(failedToken?: string): Promise<string | undefined>
}

/** Requests to a back end of the app's own. Those that wait for a renewal share it. */
export function createRequest({ platform, timeoutMs, accessToken }: RequestParts): LoginActions['request'] {
  return async ({ url, method = 'GET', data, header = {}, ...options }) => {
    const send = async (token: string | undefined) => {
      const { status, body } = await platform.request({
        method,
        url,
        headers: token ? { ...header, authorization: `Bearer ${token}` } : header,
        ...(data && { body: data }),
        timeoutMs: options.timeoutMs ?? timeoutMs,
      })
      return { status, data: body }
    }
    const token = await accessToken()
    const answer = await send(token)
    if (answer.status !== 401 || token === undefined) return answer
    const next = await accessToken(token)
    return next === undefined || next === token ? answer : send(next)
  }
}
