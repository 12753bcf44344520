import { WxAccessTokenError, WxTransportError, WxUsageError } from '../../errors/index.ts'
import { withBackOff } from '../../internal/back-off.ts'
import type { TokenSourceTools } from '../../options.ts'
import { reveal, type SecretInput } from '../../secret.ts'
import type { FetchedToken, TokenRequest, TokenSource } from '../types.ts'

/** Options of {@link haomaSource}. */
export interface HaomaSourceOptions {
  /** Address of the Haoma service, such as `https://login.example.com`. */
  readonly url: string
  /** API key of the service that may read access tokens. */
  readonly apiKey: SecretInput
}

/**
 * Takes tokens from a Haoma service, so that one place talks to WeChat and this process needs no AppSecret. A token
 * that WeChat refused is handed in, and the service fetches only when nobody has a newer one.
 *
 * @example
 * createWeChat({ apps: [{ appid }], tokenSource: haomaSource({ url: 'https://login.example.com', apiKey }) })
 */
export function haomaSource({ url, apiKey }: HaomaSourceOptions): (tools: TokenSourceTools) => TokenSource {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base === undefined || !/^https?:$/.test(base.protocol)) {
    throw new WxUsageError('ERR_WX_BAD_OPTION', 'url of haomaSource must look like https://login.example.com')
  }
  const basePath = base.pathname.replace(/\/+$/, '')
  const headers = () => ({ authorization: `Bearer ${reveal(apiKey)}`, accept: 'application/json' })

  return ({ transport, clock }) => {
    async function ask({ appid, failedToken, timeoutMs }: TokenRequest): Promise<FetchedToken> {
      const rotate = failedToken === undefined ? '' : `?rotate=${encodeURIComponent(failedToken)}`
      const { status, body } = await transport.request({
        origin: base?.origin ?? '',
        path: `${basePath}/v1/apps/${encodeURIComponent(appid)}/access-token${rotate}`,
        method: 'GET',
        headers: headers(),
        timeoutMs,
      })
      if (status === 401 || status === 403 || status === 404) {
        throw new WxAccessTokenError('ERR_WX_TOKEN_SERVICE_REFUSED', { detail: `HTTP ${status}` })
      }
      if (status !== 200) {
        throw new WxTransportError('ERR_WX_BAD_RESPONSE', {
          requestSent: true,
          status,
          detail: `HTTP ${status}`,
        })
      }
      return read(body)
    }

    return {
      name: 'haoma',
      canForce: false,
      fetchesPerHour: 1000,
      fetch(request) {
        const wait = { deadlineAtMs: clock.monotonic() + request.timeoutMs, signal: undefined }
        return withBackOff(() => ask(request), wait, { clock, random: Math.random })
      },
    }
  }
}

function read(body: string): FetchedToken {
  try {
    const { accessToken, expiresIn } = JSON.parse(body) as { accessToken: string; expiresIn: number }
    return { accessToken, expiresInS: expiresIn }
  } catch {
    throw new WxAccessTokenError('ERR_WX_TOKEN_SOURCE', { detail: 'the answer is not JSON' })
  }
}
