import { channel } from 'node:diagnostics_channel'
import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appid, appSecret, openStandIn, phoneCode, type StandIn } from '../../test/stand-in.ts'
import { createWeChat, type WeChat } from '../index.ts'

const phonePath = '/wxa/business/getuserphonenumber'
let standIn: StandIn
let wechat: WeChat

beforeEach(async () => {
  standIn = await openStandIn()
  wechat = createWeChat({ apps: [{ appid, appSecret }], hosts: [standIn.url] })
})
afterEach(async () => {
  trace.disable()
  metrics.disable()
  context.disable()
  await wechat.close()
  await standIn.close()
})

describe('diagnostics channels', () => {
  it('tell of each request, its answer and its error, of tokens and circuits', async () => {
    const seen: [string, Record<string, unknown>][] = []
    const names = ['request', 'response', 'token.refreshed', 'token.refresh-failed', 'circuit.opened']
    const listeners = names.map((name) => {
      const listen = (message: unknown) => void seen.push([name, message as Record<string, unknown>])
      channel(`haoma.wechat.${name}`).subscribe(listen)
      return () => channel(`haoma.wechat.${name}`).unsubscribe(listen)
    })
    await wechat.app(appid).getPhoneNumber({ phoneCode })
    wechat.registerApp({ appid: 'wxbad', appSecret: 'wrong' })
    await wechat
      .app('wxbad')
      .getAccessToken()
      .catch(() => {})
    for (const stop of listeners) stop()

    const of = (name: string, id: string) => seen.filter(([it, { appid }]) => it === name && appid === id)
    expect(of('request', appid).map(([, { path }]) => path)).toEqual(['/cgi-bin/stable_token', phonePath])
    expect(of('response', appid)[1]?.[1]).toMatchObject({ method: 'POST', durationMs: expect.any(Number) })
    expect(of('token.refreshed', appid)[0]?.[1]).toMatchObject({ from: 'source', expiresInS: 7200 })
    expect(of('response', 'wxbad')[0]?.[1]).toMatchObject({ error: { errcode: 40125 } })
    expect(of('token.refresh-failed', 'wxbad')[0]?.[1]).toMatchObject({ keepsToken: false })
    expect(of('circuit.opened', 'wxbad')[0]?.[1]).toMatchObject({ retryInMs: expect.any(Number) })
  })
})

describe('OpenTelemetry', () => {
  it('gets a client span for every request once an SDK is registered', async () => {
    const exporter = new InMemorySpanExporter()
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    await wechat.app(appid).getPhoneNumber({ phoneCode })
    trace.setGlobalTracerProvider(provider)
    await wechat.app(appid).getPhoneNumber({ phoneCode })
    standIn.route(phonePath, () => ({ errcode: 40029, errmsg: 'invalid code' }))
    await wechat
      .app(appid)
      .getPhoneNumber({ phoneCode })
      .catch(() => {})

    const [good, bad, ...others] = exporter.getFinishedSpans()
    expect(others).toEqual([])
    expect(good).toMatchObject({
      name: `POST ${phonePath}`,
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'http.request.method': 'POST', 'url.path': phonePath, 'wechat.appid': appid },
    })
    expect(bad).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'ERR_WX_CODE', 'wechat.errcode': 40029 },
    })
  })

  it('gets durations and counts of token fetches', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
    await wechat.app(appid).getPhoneNumber({ phoneCode })
    await reader.forceFlush()
    const found = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    const byName = new Map(found.map((metric) => [metric.descriptor.name, metric.dataPoints]))
    expect(byName.get('haoma.wechat.request.duration')).toHaveLength(2)
    expect(byName.get('haoma.wechat.token.refreshes')?.[0]).toMatchObject({
      value: 1,
      attributes: { result: 'ok' },
    })
    await reader.shutdown()
  })
})
