import { randomBytes } from 'node:crypto'
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../test/support/fixture.ts'
import { apps, type SimulatedWeChat, startWeChat } from '../test/support/simulated-wechat.ts'
import { createHaoma, createLogger, type Haoma } from './index.ts'

const { appid } = apps.single
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${TRACE}-b7ad6b7169203331-01`

describe('where an OpenTelemetry SDK is registered', () => {
  const exporter = new InMemorySpanExporter()
  const lines: string[] = []
  let wechat: SimulatedWeChat
  let haoma: Haoma
  beforeAll(async () => {
    wechat = await startWeChat()
    haoma = await createHaoma({
      databaseUrl: 'sqlite::memory:',
      masterKey: randomBytes(32).toString('base64'),
      apps: Object.values(apps),
      wechatHosts: [wechat.url],
      trustedProxies: ['10.0.0.0/8'],
      logger: createLogger('info', { write: (line: string) => void lines.push(line) }),
    })
  })
  afterAll(async () => {
    await haoma.close()
    await wechat.close()
  })
  beforeEach(() => {
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    trace.setGlobalTracerProvider(provider)
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    exporter.reset()
  })
  afterEach(() => {
    trace.disable()
    context.disable()
    propagation.disable()
  })

  const login = async (ip = '203.0.113.9', headers = {}) => {
    const body = {
      appid,
      loginCode: await wechat.loginCode('李雷'),
      phoneCode: await wechat.phoneCode('李雷'),
    }
    const answer = await createClient(haoma, { ip }).post('/v1/login', body, headers)
    const spans = exporter.getFinishedSpans()
    return { body, answer, spans, served: spans.find(({ kind }) => kind === SpanKind.SERVER) }
  }
  const below = (spans: readonly ReadableSpan[], parent: ReadableSpan | undefined): ReadableSpan[] =>
    spans
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent?.spanContext().spanId)
      .flatMap((span) => [span, ...below(spans, span)])

  it('a login is one trace: the request, and below it the database and WeChat', async () => {
    const { answer, spans, served } = await login()
    expect(answer.status).toBe(200)
    expect(served).toMatchObject({
      name: 'POST /v1/login',
      parentSpanContext: undefined,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/login',
        'http.response.status_code': 200,
        'haoma.request_id': answer.headers.get('x-request-id'),
      },
    })
    const names = below(spans, served).map(({ name }) => name)
    expect(names).toContain('POST /wxa/business/getuserphonenumber')
    expect(names).toContain('insert codes')
    expect(names).toContain('transaction')
    const [transaction] = spans.filter(({ name }) => name === 'transaction')
    expect(below(spans, transaction).length).toBeGreaterThan(0)
    expect(spans.find(({ name }) => name === 'insert codes')).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'sqlite',
        'db.operation.name': 'insert',
        'db.collection.name': 'codes',
      },
    })
    const line = lines.find((one) => one.includes(answer.headers.get('x-request-id') ?? ''))
    expect(JSON.parse(line ?? '{}').traceId).toBe(served?.spanContext().traceId)
  })

  it('no span holds a code, a number, a token or an address that was asked for', async () => {
    const { body, answer } = await login()
    await createClient(haoma).get(`/v1/members/${body.phoneCode}?code=${body.loginCode}`)
    await createClient(haoma).get(`/nowhere/${body.phoneCode}`)
    const told = JSON.stringify(
      exporter
        .getFinishedSpans()
        .map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    )
    const { accessToken, refreshToken } = answer.body.session
    for (const secret of [body.loginCode, body.phoneCode, accessToken, refreshToken, apps.single.appSecret]) {
      expect(told).not.toContain(secret)
    }
    expect(told).not.toMatch(/\b1[3-9]\d{9}\b/)
  })

  it('goes on with the trace of a trusted proxy, and not with that of a stranger', async () => {
    propagation.setGlobalPropagator({
      inject: () => {},
      fields: () => ['traceparent'],
      extract: (parent, carrier, getter) => {
        const [, traceId = '', spanId = ''] = String(getter.get(carrier, 'traceparent')).split('-')
        return traceId === '' ? parent : trace.setSpanContext(parent, { traceId, spanId, traceFlags: 1 })
      },
    })
    expect((await login('203.0.113.9', { traceparent })).served?.spanContext().traceId).not.toBe(TRACE)
    exporter.reset()
    expect((await login('10.0.0.1', { traceparent })).served?.spanContext().traceId).toBe(TRACE)
  })

  it('goes below a span that the host of the handler has begun', async () => {
    const outer = trace.getTracer('host').startSpan('host')
    const { served } = await context.with(trace.setSpan(context.active(), outer), () => login())
    expect(served?.parentSpanContext?.spanId).toBe(outer.spanContext().spanId)
  })

  it('a fault of the service is an error, and a refusal is none', async () => {
    await createClient(haoma).post('/v1/login', {})
    const [refused] = exporter.getFinishedSpans()
    expect(refused).toMatchObject({
      attributes: { 'http.response.status_code': 400 },
      status: { code: SpanStatusCode.UNSET },
    })
    exporter.reset()
    await wechat.fault({ kind: 'errcode', path: '/sns/jscode2session', errcode: 40125, count: 1 })
    const { served } = await login()
    expect(served?.status.code).toBe(SpanStatusCode.ERROR)
  })

  it('what runs in the background by itself makes no spans of the database', async () => {
    await haoma.housekeep()
    expect(exporter.getFinishedSpans().filter(({ attributes }) => 'db.system.name' in attributes)).toEqual([])
  })
})
