import { limits } from '@haoma/protocol'
import { bodyLimit } from 'hono/body-limit'
import { HaomaError } from '../kernel/errors.ts'
import type { Middleware } from './router.ts'

/** Refuses a body longer than any call of ours needs, also one that does not tell its length. */
export function bodyLimits(): Middleware {
  return bodyLimit({
    maxSize: limits.bodyBytes,
    onError: () => {
      throw new HaomaError('BODY_TOO_LARGE')
    },
  })
}

/** Says plainly that a body must be JSON, which the schemas would report as a list of missing fields. */
export const jsonBodies: Middleware = async (c, next) => {
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(c.req.header('content-type') ?? '')
  if (c.req.method === 'POST' && !isJson) throw new HaomaError('UNSUPPORTED_MEDIA_TYPE')
  await next()
}
