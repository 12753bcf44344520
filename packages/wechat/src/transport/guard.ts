import { WxTransportError } from '../errors/index.ts'
import { plainCause } from './plain-cause.ts'
import type { Transport, TransportRequest, TransportResponse } from './types.ts'

/**
 * Holds a transport of the user's to its contract: whatever it throws that is not a {@link WxTransportError} counts as
 * "sent", with nothing of it kept but a plain cause; what it gives has the form of an answer.
 */
export function guardTransport(transport: Transport): Transport {
  async function request(request: TransportRequest): Promise<TransportResponse> {
    let response: Partial<TransportResponse> | undefined
    try {
      response = await transport.request(request)
    } catch (error) {
      if (error instanceof WxTransportError) throw error
      throw new WxTransportError('ERR_WX_CONNECTION_LOST', { requestSent: true, cause: plainCause(error) })
    }
    const { status, headers = {}, body = '', bytes } = response ?? {}
    if (typeof status === 'number' && typeof body === 'string') return { status, headers, body, bytes }
    const detail = 'the transport gave no answer with a status and a text'
    throw new WxTransportError('ERR_WX_BAD_RESPONSE', { requestSent: true, detail })
  }
  return { request }
}
