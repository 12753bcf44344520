import { Readable } from 'node:stream'
import { HaomaError } from '../../kernel/errors.ts'

const BUFFERED_BYTES = 1024 * 1024
const LONGEST_BYTES = 32 * 1024 * 1024

/** The body of a gateway request: in memory, or still on its way and then sent once only. */
export type GatewayBody =
  | { kind: 'none' }
  | { kind: 'buffered'; bytes: Buffer }
  | { kind: 'streamed'; stream: Readable; lengthBytes: number }

/**
 * Reads a body of up to 1 MB; a longer one has to tell its length, because WeChat answers a chunked body with an empty
 * 412.
 *
 * @throws {HaomaError} `LENGTH_REQUIRED`, `BODY_TOO_LARGE`
 */
export async function readGatewayBody(request: Request): Promise<GatewayBody> {
  const { body } = request
  if (body === null) return { kind: 'none' }
  const declared = request.headers.get('content-length')
  const lengthBytes = declared !== null && /^\d{1,15}$/.test(declared) ? Number(declared) : undefined
  if (lengthBytes !== undefined && lengthBytes > LONGEST_BYTES) throw new HaomaError('BODY_TOO_LARGE')
  if (lengthBytes !== undefined && lengthBytes > BUFFERED_BYTES) {
    return { kind: 'streamed', stream: Readable.fromWeb(body as never), lengthBytes }
  }
  const chunks: Uint8Array[] = []
  let readBytes = 0
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    readBytes += chunk.byteLength
    if (readBytes > BUFFERED_BYTES) throw new HaomaError('LENGTH_REQUIRED')
    chunks.push(chunk)
  }
  return readBytes === 0 ? { kind: 'none' } : { kind: 'buffered', bytes: Buffer.concat(chunks) }
}
