import type { WxTransportError } from '../src/errors/index.ts'
import type { Transport } from '../src/transport/types.ts'
import type { Outcome, Probe } from './transport-conformance.ts'

/** Makes one request as a probe says. Runs in Node and in Workers alike. */
export async function probeWith(transport: Transport, probe: Probe): Promise<Outcome> {
  const { abortAfterMs, ...request } = probe
  const stop = new AbortController()
  if (abortAfterMs === 0) stop.abort()
  else if (abortAfterMs !== undefined) setTimeout(() => stop.abort(), abortAfterMs)
  try {
    const { bytes, ...response } = await transport.request({ ...request, signal: stop.signal })
    return { response: { ...response, bytes: bytes && [...bytes] } }
  } catch (error) {
    const { name, code, requestSent, status, message, stack, cause } = error as WxTransportError
    const because = cause as Error | undefined
    const printed = [message, stack, because?.message, JSON.stringify(cause)].join('\n')
    return { error: { name, code, requestSent, status, printed } }
  }
}
