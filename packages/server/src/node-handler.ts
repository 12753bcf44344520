import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Haoma } from './create-haoma.ts'

/** What body parsers of frameworks leave on a request whose stream they have read. */
interface ParsedRequest extends IncomingMessage {
  body?: unknown
  rawBody?: Buffer
}

/**
 * The service as a handler of `node:http`, for Express, Koa, Fastify and everything else that hands out its request and
 * response. Behind a body parser it works too: what the parser read is given back.
 *
 * @example
 * app.use('/auth', nodeHandler(haoma))
 */
export function nodeHandler(
  haoma: Pick<Haoma, 'fetch'>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  // The globals of the host stay as they are; what the listener gives is then made a request of its own.
  const listener = getRequestListener(
    (request, connection) => haoma.fetch(new Request(request.url, request), connection),
    { overrideGlobalObjects: false },
  )
  return async (request: ParsedRequest, response) => {
    if (request.rawBody === undefined && request.readableEnded && request.body !== undefined) {
      request.rawBody = bytesOf(request)
    }
    await listener(request, response)
  }
}

function bytesOf({ body, headers }: ParsedRequest): Buffer {
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body)
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  const text = isForm ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body)
  return Buffer.from(text)
}
