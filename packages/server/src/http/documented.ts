import type { RouteConfig } from '@hono/zod-openapi'
import type { Handler, MiddlewareHandler } from 'hono'
import type { AppEnv, Router } from './router.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** A route that reads its request itself, so that it can answer in a form that is not ours, and is documented all the same. */
export interface DocumentedRoute extends Omit<RouteConfig, 'method' | 'path'> {
  methods: readonly Method[]
  /** As the router reads it; `*` at the end stands for any rest. */
  path: string
  operationId: string
  security: Record<string, string[]>[]
}

/** Adds a route to the router and to the OpenAPI document at once. */
export function addDocumented<Env extends AppEnv>(
  router: Router,
  { methods, path, operationId, ...route }: DocumentedRoute,
  ...handlers: [...MiddlewareHandler<Env>[], Handler<Env>]
): void {
  for (const method of methods) {
    router.openAPIRegistry.registerPath({
      ...route,
      method,
      path: openApiPath(path),
      operationId: methods.length === 1 ? operationId : `${operationId}_${method}`,
    })
  }
  router.on(
    methods.map((method) => method.toUpperCase()),
    [path],
    ...(handlers as unknown as [Handler<AppEnv>]),
  )
}

/** `/wechat/:appid/*` as `/wechat/{appid}/{path}`. */
export function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}')
}
