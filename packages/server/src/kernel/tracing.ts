import type { Attributes, Context, Span } from '@opentelemetry/api'

/** Spans for whoever looks into a running system, where an OpenTelemetry SDK is registered; nothing where none is. */
export interface Tracing {
  /** Whether anybody listens at all. */
  readonly isOn: boolean
  /** Runs what answers a request. What is done for it is shown below it. */
  serve<T>(request: ServedRequest, work: (served: Served) => Promise<T>): Promise<T>
  /** Runs a part of what is done for a request. Outside of one it only runs. */
  within<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Tells of a statement that has just ended. Its values are told to nobody. */
  queried(statement: {
    system: 'postgresql' | 'sqlite'
    sql: string
    durationMs: number
    failed: boolean
  }): void
}

export interface ServedRequest {
  method: string
  headers: Headers
  /** Whether it comes from a trusted proxy, whose trace is gone on with. A stranger's is not. */
  isPeerTrusted: boolean
}

export interface Served {
  /** Name of the trace, for the log; `undefined` when nothing is recorded. */
  readonly traceId: string | undefined
  /** @param answer.route - As it is declared, never the address that was asked for. */
  answered(answer: { route: string; status: number; requestId: string }): void
}

const notServed: Served = { traceId: undefined, answered: () => {} }

export const noTracing: Tracing = {
  isOn: false,
  serve: (_, work) => work(notServed),
  within: (_, work) => work(),
  queried: () => {},
}

const SCOPE = '@haoma/server'

/** Looks for `@opentelemetry/api`, which is there or not. Spans go to whatever SDK the program has registered. */
export async function loadTracing(): Promise<Tracing> {
  const api = await import('@opentelemetry/api').catch(() => undefined)
  if (!api) return noTracing
  const { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api
  const tracer = () => trace.getTracer(SCOPE)
  const headersGetter = {
    get: (headers: Headers, key: string) => headers.get(key) ?? undefined,
    keys: (headers: Headers) => [...headers.keys()],
  }
  const parentOf = ({ headers, isPeerTrusted }: ServedRequest): Context => {
    const active = context.active()
    // The host of the handler may have begun a span of its own.
    if (trace.getSpan(active)) return active
    return isPeerTrusted ? propagation.extract(ROOT_CONTEXT, headers, headersGetter) : ROOT_CONTEXT
  }
  const run = async <T>(span: Span, parent: Context, work: () => Promise<T>): Promise<T> => {
    try {
      return await context.with(trace.setSpan(parent, span), work)
    } catch (error) {
      span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  }

  return {
    isOn: true,
    serve: (request, work) => {
      const { method } = request
      const parent = parentOf(request)
      const span = tracer().startSpan(
        method,
        { kind: SpanKind.SERVER, attributes: { 'http.request.method': method } },
        parent,
      )
      return run(span, parent, () =>
        work({
          traceId: span.isRecording() ? span.spanContext().traceId : undefined,
          answered: ({ route, status, requestId }) => {
            span.updateName(`${method} ${route}`)
            span.setAttributes({
              'http.route': route,
              'http.response.status_code': status,
              'haoma.request_id': requestId,
            })
            if (status < 500) return
            span.setAttribute('error.type', String(status))
            span.setStatus({ code: SpanStatusCode.ERROR })
          },
        }),
      )
    },
    within: (name, work) => {
      const parent = context.active()
      return trace.getSpan(parent) ? run(tracer().startSpan(name, {}, parent), parent, work) : work()
    },
    queried: ({ system, sql, durationMs, failed }) => {
      const parent = context.active()
      if (!trace.getSpan(parent)?.isRecording()) return
      const endedAtMs = performance.timeOrigin + performance.now()
      const { name, attributes } = summaryOf(sql)
      const span = tracer().startSpan(
        name,
        {
          kind: SpanKind.CLIENT,
          startTime: endedAtMs - durationMs,
          attributes: { 'db.system.name': system, ...attributes },
        },
        parent,
      )
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(endedAtMs)
    },
  }
}

/** What is done to which table: `select members`. */
function summaryOf(sql: string): { name: string; attributes: Attributes } {
  const [, operation = 'statement'] = /^\W*(\w+)/.exec(sql) ?? []
  const [, table] = /\b(?:from|into|update)\s+"?(\w+)"?/i.exec(sql) ?? []
  const name = operation.toLowerCase()
  return {
    name: table === undefined ? name : `${name} ${table}`,
    attributes: { 'db.operation.name': name, ...(table !== undefined && { 'db.collection.name': table }) },
  }
}
