import { getPath } from 'hono/utils/url'
import type { AppEnv, Router } from '../http/router.ts'

/**
 * A family of paths with rules of its own: its middleware, its form of error, its ways to prove who calls.
 * Nothing is shared between two surfaces but what both choose to use.
 */
export interface Surface {
  /** First segments of its paths, such as `/v1`. */
  prefixes: readonly string[]
  router: Router
}

/** Hands each request to the surface that owns its path; `otherwise` answers for paths that nobody owns. */
export function createDispatcher(surfaces: readonly Surface[], otherwise: Surface) {
  const byPrefix = new Map(surfaces.flatMap(({ prefixes, router }) => prefixes.map((name) => [name, router])))
  return (request: Request, bindings: AppEnv['Bindings']): Response | Promise<Response> => {
    const [, first = ''] = /^(\/[^/]*)/.exec(getPath(request)) ?? []
    return (byPrefix.get(first) ?? otherwise.router).fetch(request, bindings)
  }
}
