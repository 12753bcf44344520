import type { Context } from 'hono'
import type { AppEnv } from './router.ts'

/** Whether the client speaks HTTPS, by the address it asked for or by the word of a trusted proxy. */
export function isHttps<Env extends AppEnv>(c: Context<Env>): boolean {
  if (c.env.isPeerTrusted) {
    const [scheme] = (c.req.header('x-forwarded-proto') ?? '').split(',')
    if (scheme?.trim()) return scheme.trim().toLowerCase() === 'https'
  }
  return new URL(c.req.url).protocol === 'https:'
}
