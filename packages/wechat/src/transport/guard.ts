import { WxTransportError } from '../errors/index.ts'
import { onAbort } from '../internal/on-abort.ts'
import { plainCause } from './plain-cause.ts'
import type { Transport, TransportRequest, TransportResponse } from './types.ts'

/** A transport that keeps its contract ends by itself, and knows more about how far it got: it speaks first. */
const graceMs = 200

/** Gives up on a transport that heeds neither its time nor its signal: nobody hangs. */
function inTime<T>(answer: Promise<T>, { timeoutMs, signal }: TransportRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (code: 'ERR_WX_TIMEOUT' | 'ERR_WX_ABORTED') =>
      reject(new WxTransportError(code, { requestSent: true }))
    let timer = setTimeout(giveUp, timeoutMs + graceMs, 'ERR_WX_TIMEOUT')
    const unfollow = onAbort(signal, () => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, graceMs, 'ERR_WX_ABORTED')
    })
    Promise.resolve(answer)
      .finally(() => {
        clearTimeout(timer)
        unfollow()
      })
      .then(resolve, reject)
  })
}

/**
 * Holds a transport of the user's to its contract: whatever it throws that is not a {@link WxTransportError} counts as
 * "sent", with nothing of it kept but a plain cause; what it gives has the form of an answer.
 */
export function guardTransport(transport: Transport): Transport {
  async function request(request: TransportRequest): Promise<TransportResponse> {
    let response: Partial<TransportResponse> | undefined
    try {
      response = await inTime(transport.request(request), request)
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
