/** What `@opentelemetry/api` 1.x offers, as far as it is used here. */
interface Span {
  setAttribute(name: string, value: string | number): void
  setStatus(status: { code: number }): void
  end(): void
}
interface Tracer {
  startSpan(name: string, options: { kind: number; attributes: Attributes }): Span
}
interface Meter {
  createHistogram(name: string, options: object): { record(value: number, attributes: Attributes): void }
  createCounter(name: string, options: object): { add(value: number, attributes: Attributes): void }
}
interface Api {
  readonly trace?: { getTracer(name: string): Tracer }
  readonly metrics?: { getMeter(name: string): Meter }
}
type Attributes = Record<string, string | number>

// The place where every copy of @opentelemetry/api 1.x in a process meets. Looking there needs no import, so the
// package depends on nothing and a bundle stays whole.
const apiKey = Symbol.for('opentelemetry.js.api.1')
const scope = '@haoma/wechat'
const spanKindClient = 2
const statusError = 2

/** One request as OpenTelemetry sees it. */
export interface Traced {
  end(outcome: { durationMs: number; code: string | undefined; errcode: number | undefined }): void
}

/** Spans and metrics, when an OpenTelemetry SDK is registered in this process. */
export interface OpenTelemetry {
  isOn(): boolean
  begin(request: { method: string; path: string; appid: string | undefined }): Traced
  countRefresh(result: 'ok' | 'failed', appid: string): void
}

export function createOpenTelemetry(): OpenTelemetry {
  const api = (): Api | undefined => (globalThis as Record<symbol, unknown>)[apiKey] as Api | undefined
  const instruments = new WeakMap<object, ReturnType<typeof createInstruments>>()

  function instrumentsOf(metrics: NonNullable<Api['metrics']>) {
    let found = instruments.get(metrics)
    if (found === undefined) {
      found = createInstruments(metrics.getMeter(scope))
      instruments.set(metrics, found)
    }
    return found
  }

  return {
    isOn() {
      const present = api()
      return present !== undefined && (present.trace ?? present.metrics) !== undefined
    },
    begin({ method, path, appid }) {
      const { trace, metrics } = api() ?? {}
      const attributes: Attributes = { 'http.request.method': method, 'url.path': path }
      if (appid !== undefined) attributes['wechat.appid'] = appid
      const span = trace
        ?.getTracer(scope)
        .startSpan(`${method} ${path}`, { kind: spanKindClient, attributes: { ...attributes } })
      return {
        end({ durationMs, code, errcode }) {
          if (code !== undefined) attributes['error.type'] = code
          if (metrics !== undefined) instrumentsOf(metrics).duration.record(durationMs / 1000, attributes)
          if (span === undefined) return
          if (errcode !== undefined) span.setAttribute('wechat.errcode', errcode)
          if (code !== undefined) {
            span.setAttribute('error.type', code)
            span.setStatus({ code: statusError })
          }
          span.end()
        },
      }
    },
    countRefresh(result, appid) {
      const metrics = api()?.metrics
      if (metrics !== undefined) instrumentsOf(metrics).refreshes.add(1, { result, 'wechat.appid': appid })
    },
  }
}

function createInstruments(meter: Meter) {
  return {
    duration: meter.createHistogram('haoma.wechat.request.duration', {
      unit: 's',
      description: 'Time of requests to WeChat',
    }),
    refreshes: meter.createCounter('haoma.wechat.token.refreshes', {
      description: 'Access tokens fetched, or failed to be fetched',
    }),
  }
}
