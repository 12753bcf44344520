import type { IncomingMessage } from 'node:http'

/**
 * Reads a request's body as UTF-8 and hands it over: `undefined` for one over the limit, and never when the
 * client hangs up before the end. With a callback and not a promise, because this is on the path of every
 * call.
 */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  done: (body: string | undefined) => void,
): void {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  request.on('data', (chunk: Buffer) => {
    const wasWithin = sizeBytes <= limitBytes
    sizeBytes += chunk.length
    if (sizeBytes <= limitBytes) chunks.push(chunk)
    else if (wasWithin) done(undefined)
  })
  request.on('end', () => {
    if (sizeBytes > limitBytes) return
    const [only] = chunks
    const whole = chunks.length === 1 && only ? only : Buffer.concat(chunks)
    done(whole.toString('utf8'))
  })
}
