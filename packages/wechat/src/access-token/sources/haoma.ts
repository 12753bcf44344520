import { badOption } from '../../errors/bad-option.ts'
import { WxAccessTokenError, WxTransportError, WxUsageError } from '../../errors/index.ts'
import { withBackOff } from '../../internal/back-off.ts'
import { toBase64, utf8 } from '../../internal/bytes.ts'
import { checkObject, checkSecret, checkText } from '../../internal/check.ts'
import type { TokenSourceTools } from '../../options.ts'
import { createSecret, type SecretInput } from '../../secret.ts'
import type { FetchedToken, TokenRequest, TokenSource } from '../types.ts'

/** Options of {@link haomaSource}. */
export interface HaomaSourceOptions {
  /** Address of the Haoma service, such as `https://login.example.com`. */
  readonly url: string
  /** Id of a client of the service that may read access tokens. */
  readonly clientId: string
  readonly clientSecret: SecretInput
}

/**
 * Takes tokens from a Haoma service, so that one place talks to WeChat and this process needs no AppSecret. A token
 * that WeChat refused is handed in, and the service fetches only when nobody has a newer one.
 *
 * @example
 * createWeChat({ apps: [{ appid }], tokenSource: haomaSource({ url, clientId, clientSecret }) })
 */
export function haomaSource(options: HaomaSourceOptions): (tools: TokenSourceTools) => TokenSource {
  const { url, clientId, clientSecret } = checkObject('options of haomaSource', options)
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base === undefined || !/^https?:$/.test(base.protocol)) {
    throw new WxUsageError('ERR_WX_BAD_OPTION', 'url of haomaSource must look like https://login.example.com')
  }
  const basePath = base.pathname.replace(/\/+$/, '')
  const credentials = createSecret(
    basicCredentials(checkText('clientId', clientId), checkSecret('clientSecret', clientSecret)),
  )

  return ({ transport, clock }) => {
    async function ask({ appid, failedToken, timeoutMs }: TokenRequest): Promise<FetchedToken> {
      const { status, body } = await transport.request({
        origin: base?.origin ?? '',
        path: `${basePath}/v1/apps/${encodeURIComponent(appid)}/access-token`,
        method: 'POST',
        // A token stands in the body, never in an address, which proxies write down.
        body: JSON.stringify({ failedToken }),
        headers: {
          authorization: `Basic ${credentials.reveal()}`,
          'content-type': 'application/json',
          accept: 'application/json',
        },
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
    const { accessToken, expiresInS } = JSON.parse(body) as FetchedToken
    return { accessToken, expiresInS }
  } catch {
    throw new WxAccessTokenError('ERR_WX_TOKEN_SOURCE', { detail: 'the answer is not JSON' })
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7617 */
function basicCredentials(clientId: string, clientSecret: string): string {
  if (clientId.includes(':')) throw badOption('clientId', { en: 'must hold no colon', zh: '不能含冒号' })
  return toBase64(utf8(`${clientId}:${clientSecret}`))
}
