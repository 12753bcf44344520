import { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from 'pino'
import { HaomaError } from '../kernel/errors.ts'

export interface AppEnv {
  Variables: {
    requestId: string
    log: Logger
  }
}

export type Router = OpenAPIHono<AppEnv>

/** A router whose requests are checked by the schemas of its routes. */
export function createRouter(): Router {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return
      const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
      throw new HaomaError('BAD_REQUEST', { issues })
    },
  })
}
