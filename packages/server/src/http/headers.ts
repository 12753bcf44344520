import { cors } from 'hono/cors'
import type { Middleware } from './router.ts'

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

export const securityHeaders: Middleware = async (c, next) => {
  await next()
  const { headers } = c.res
  for (const [name, value] of defaultHeaderList) if (!headers.has(name)) headers.set(name, value)
}

/** Keeps members, numbers and tokens out of every cache on the way. */
export const noStore: Middleware = async (c, next) => {
  await next()
  c.res.headers.set('cache-control', 'no-store')
}
