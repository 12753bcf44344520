import { WxTransportError } from '../errors/index.ts'
import type { TransportResponse } from '../transport/types.ts'
import type { Answer, Endpoint } from './endpoint.ts'
import { readAnswer } from './read-answer.ts'

/** An answer that is a file: a mini-program code, a picture, a sound. */
export interface BinaryAnswer {
  readonly bytes: Uint8Array
  /** As WeChat says it, such as `image/jpeg`; empty when it says none. */
  readonly contentType: string
}

/** Where a JSON object begins, after spaces or a byte-order mark. */
const jsonStart = /^[\s\ufeff]*\{/

/**
 * Reads an answer that is a file when the call succeeds. Errors are JSON all the same, and so is what WeChat says about
 * a file that it does not give away, such as the address of a video.
 */
export function readBinary(response: TransportResponse, endpoint: Endpoint): BinaryAnswer & Answer {
  const { bytes, status, headers } = response
  if (bytes === undefined) throw noBytes(endpoint, status)
  const contentType = String(headers['content-type'] ?? '')
  const head = new TextDecoder().decode(bytes.subarray(0, 64))
  const isText = /json|^text\/html/i.test(contentType) || jsonStart.test(head)
  if (isText || bytes.length === 0 || !(status >= 200 && status < 300)) {
    readAnswer({ status, headers, body: new TextDecoder().decode(bytes) }, endpoint)
  }
  return { bytes, contentType }
}

function noBytes({ path }: Endpoint, status: number): WxTransportError {
  const detail = `${path}: the transport gave a text where bytes were asked for`
  return new WxTransportError('ERR_WX_BAD_RESPONSE', { requestSent: true, status, detail })
}
