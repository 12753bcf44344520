import { WxTransportError } from '../errors/index.ts'
import { plainCause } from './plain-cause.ts'

/** No answer of WeChat's comes near: what is longer is another host's, and would fill the memory. */
export const maxBodyBytes = 10 * 2 ** 20

/** An answer that is longer than any of WeChat's. */
export function tooLong(status: number): WxTransportError {
  const detail = `HTTP ${status}, more than ${maxBodyBytes} bytes`
  return new WxTransportError('ERR_WX_BAD_RESPONSE', { requestSent: true, status, detail })
}

/** An answer whose `content-encoding` cannot be undone. */
export function notDecoded(status: number, cause: unknown): WxTransportError {
  const detail = `HTTP ${status}, the content-encoding cannot be undone`
  return new WxTransportError('ERR_WX_BAD_RESPONSE', {
    requestSent: true,
    status,
    detail,
    cause: plainCause(cause),
  })
}

/** Text without the byte-order mark that some relays put before it. */
export function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
