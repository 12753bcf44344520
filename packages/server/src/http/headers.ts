import type { Context } from 'hono'
import { cors } from 'hono/cors'
import type { AppEnv, Middleware } from './router.ts'

/** @param origins - Exact origins, or `*`. None by default: a mini program needs no CORS, an H5 page does. */
export function crossOrigin(origins: readonly string[]): Middleware {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'POST', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Accept-Language', 'X-Request-Id'],
    exposeHeaders: ['X-Request-Id', 'Retry-After'],
    maxAge: 600,
  })
}

/** Answers of an API are for programs: nothing in them is to be framed, sniffed or run. A route may say otherwise. */
const defaultHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const defaultHeaderList = Object.entries(defaultHeaders)

/** Gives every answer the default headers that it does not have, and the id of its request. */
export const answerHeaders: Middleware = async (c, next) => {
  await next()
  // Not c.header(), which makes the whole response anew once it is there.
  const { headers } = c.res
  for (const [name, value] of defaultHeaderList) if (!headers.has(name)) headers.set(name, value)
  headers.set('x-request-id', c.get('requestId'))
}

/** Keeps members, numbers and tokens out of every cache on the way. */
export const noStore: Middleware = async (c, next) => {
  await next()
  c.res.headers.set('cache-control', NO_STORE)
}

const NO_STORE = 'no-store'

/**
 * Both as plain fields, for a path that is asked so often that it makes its whole answer at once: to set them one by one
 * on an answer that is there costs a fifth of a short request.
 */
export const answerFields = (c: Context<AppEnv>): Record<string, string> => ({
  ...defaultHeaders,
  'cache-control': NO_STORE,
  'x-request-id': c.get('requestId'),
})
