import type { MiddlewareHandler } from 'hono'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/**
 * Refuses requests for names that are not this server's own: a website can make its name resolve to this machine, and
 * the browser still says that name in `Host`. Also keeps the pages out of other sites' frames.
 *
 * @param allowHosts - names beside loopback's, without ports
 */
export function onlyOwnNames(allowHosts: readonly string[] = []): MiddlewareHandler {
  const own = new Set([...loopbackNames, ...allowHosts.map((name) => name.toLowerCase())])
  return async (context, next) => {
    const name = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(
      context.req.header('host')?.toLowerCase() ?? '',
    )?.[1]
    if (name === undefined || !own.has(name)) {
      return context.text(
        `演示页只接受发给 localhost、127.0.0.1、[::1] 的请求。要用 ${name ?? 'NAME'} 访问，请加 --allow-host ${name ?? 'NAME'}。\n` +
          `The demo answers to localhost, 127.0.0.1 and [::1] only. To reach it as ${name ?? 'NAME'}, add --allow-host ${name ?? 'NAME'}.\n`,
        403,
      )
    }
    await next()
    context.header('X-Frame-Options', 'SAMEORIGIN')
    context.header('Content-Security-Policy', "frame-ancestors 'self'")
    context.header('X-Content-Type-Options', 'nosniff')
    return undefined
  }
}

/** The names of `--allow-host a,b`, and the address that is listened on, as names of `Host`. */
export function readAllowedHosts(option: string | undefined): string[] {
  return (option ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
