import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import type { Trace } from '../journal/trace.ts'
import { HaomaError } from '../kernel/errors.ts'
import type { BoundLog } from '../kernel/logger.ts'
import type { Served } from '../kernel/tracing.ts'

/** What every surface gives to its middleware and routes. */
export interface AppEnv {
  Bindings: {
    /** Address of the peer, when the host of the handler told it. */
    peerIp: string | undefined
    /** Address of the client: the peer's, or what a trusted proxy says it is. */
    clientIp: string | undefined
    /** Whether the peer is a trusted proxy, which may name things for others. */
    isPeerTrusted: boolean
    /** The span of the request. */
    served: Served
    /** Keeps the service open until the work is done. An answer that streams holds until its body ends. */
    hold(work: Promise<unknown>): void
  }
  Variables: {
    requestId: string
    log: BoundLog
    /** Address of the client, for limits and the audit; `undefined` when the host of the handler told none. */
    clientIp: string | undefined
    /** Of requests that are written into the journal. */
    trace?: Trace
  }
}

export type Middleware = MiddlewareHandler<AppEnv>
export type Router = OpenAPIHono<AppEnv>

/** A router whose requests are checked by the schemas of its routes. */
export function createRouter<Env extends AppEnv = AppEnv>(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (result.success) return
      const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
      throw new HaomaError('BAD_REQUEST', { issues })
    },
  })
}
