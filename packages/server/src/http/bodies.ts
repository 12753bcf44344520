import { limits } from '@haoma/protocol'
import { bodyLimit } from 'hono/body-limit'
import { HaomaError } from '../kernel/errors.ts'
import type { Middleware } from './router.ts'

/** Refuses a body longer than any call of ours needs, also one that does not tell its length. */
export function bodyLimits(): Middleware {
  const refuse = () => {
    throw new HaomaError('BODY_TOO_LARGE')
  }
  const counted = bodyLimit({ maxSize: limits.bodyBytes, onError: refuse })
  return (c, next) => {
    // HTTP holds a body to the length that it tells; to look at the body itself costs more than all else of a request.
    const length = c.req.header('content-length')
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return counted(c, next)
    return Number(length) <= limits.bodyBytes ? next() : refuse()
  }
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json[ \t]*(?:;|$)/i

/**
 * Says plainly that a body must be JSON, which the schemas would report as a list of missing fields. Any form of the
 * type that RFC 9110 allows is good; what reads the body knows but the plain one.
 */
export const jsonBodies: Middleware = async (c, next) => {
  const type = c.req.header('content-type') ?? ''
  const isJson = JSON_TYPE.test(type)
  if (c.req.method === 'POST' && !isJson) throw new HaomaError('UNSUPPORTED_MEDIA_TYPE')
  if (isJson && type !== PLAIN_JSON) {
    const headers = new Headers(c.req.raw.headers)
    headers.set('content-type', PLAIN_JSON)
    c.req.raw = new Request(c.req.raw, { headers })
  }
  await next()
}

const PLAIN_JSON = 'application/json'
