import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../http/read-body.ts'
import type { Fault } from '../model/faults.ts'
import type { Model } from '../model/model.ts'
import { text } from '../text.ts'
import { refuse } from './answer.ts'
import { appidOf } from './appid-of.ts'
import { answerCall } from './checks.ts'
import type { ApiCall } from './endpoint.ts'
import { endpoints } from './endpoints/index.ts'
import { unknownPath } from './endpoints/unknown-path.ts'
import { deliverWithFaults } from './faulty-delivery.ts'
import { redactQuery, redactSecrets } from './redact.ts'
import { type Reply, replyOf } from './reply.ts'

/** WeChat refuses larger bodies with 45002. */
const BODY_LIMIT_BYTES = 1024 * 1024

const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]))

/** Answers as api.weixin.qq.com does. */
export function serveApi(model: Model, request: IncomingMessage, response: ServerResponse): void {
  const { url = '/', method = 'GET' } = request
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const queryText = mark < 0 ? '' : url.slice(mark + 1)

  const serve = (rawBody: string, carryOut: (call: ApiCall) => Reply) => {
    const call = createCall(model, request, { path, queryText, method, rawBody })
    const startedAtMs = model.log.isOn ? performance.now() : 0
    const record = (reply: Reply | undefined, faults: readonly Fault[]) => {
      if (!model.log.isOn) return
      writeLog({ call, path, queryText, reply, faults, tookMs: performance.now() - startedAtMs })
    }
    const faults = model.faults.list().length === 0 ? NO_FAULTS : model.faults.draw(path, appidOf(call))
    if (faults.length === 0) {
      const reply = carryOut(call)
      record(reply, faults)
      send(response, reply, model)
      return
    }
    deliverWithFaults({
      call,
      faults,
      response,
      carryOut,
      send: (to, reply) => send(to, reply, model),
      done: (reply) => record(reply, faults),
    })
  }

  if (request.headers['content-length'] === undefined && method !== 'GET' && method !== 'HEAD') {
    request.resume()
    serve('', refuseUnmeasured)
    return
  }
  readBody(request, BODY_LIMIT_BYTES, (body) => {
    if (body === undefined) serve('', refuseTooLarge)
    else serve(body, carryOutSafely)
  })
}

const NO_FAULTS: readonly Fault[] = []

interface Received {
  path: string
  queryText: string
  method: string
  rawBody: string
}

function createCall(model: Model, request: IncomingMessage, received: Received): ApiCall {
  const nowMs = model.clock.nowMs()
  const requestNumber = model.rids.next()
  return {
    model,
    endpoint: byPath.get(received.path) ?? unknownPath,
    method: received.method,
    query: parseQuery(received.queryText),
    rawBody: received.rawBody,
    headers: request.headers,
    isSecure: 'encrypted' in request.socket,
    nowMs,
    body: {},
    // Most calls are answered without either, and both cost more than the rest of a call.
    rid: () => model.rids.write(nowMs, requestNumber),
    clientIp: () => (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  }
}

// Calls in a row mostly carry one token and so one query; nobody changes what is parsed.
let lastQuery = { text: '', params: new URLSearchParams() }

function parseQuery(text: string): URLSearchParams {
  if (text !== lastQuery.text) lastQuery = { text, params: new URLSearchParams(text) }
  return lastQuery.params
}

/** The known effect of a body without a length, e.g. of Transfer-Encoding: chunked. */
function refuseUnmeasured(): Reply {
  const why = text(
    '请求没有 Content-Length（例如 chunked）',
    'the request has no Content-Length, e.g. is chunked',
  )
  return { status: 412, headers: {}, body: '', errcode: 0, why }
}

function refuseTooLarge(call: ApiCall): Reply {
  const reply = replyOf(call, refuse(45002, text('请求体超过 1 MiB', 'the body is over 1 MiB')))
  return { ...reply, headers: { ...reply.headers, Connection: 'close' } }
}

/** A fault of ours is answered as one of WeChat's, and named in the log; one call must not end the others. */
function carryOutSafely(call: ApiCall): Reply {
  try {
    return replyOf(call, answerCall(call))
  } catch (error) {
    return replyOf(call, refuse(-1, text(`模拟器内部错误：${error}`, `a fault of the simulator: ${error}`)))
  }
}

function send(response: ServerResponse, reply: Reply, model: Model): void {
  if (response.destroyed) return
  const { headers } = reply
  headers['Content-Length'] = String(Buffer.byteLength(reply.body))
  // WeChat's clock is the model's; clients that read the Date header are to see the same time.
  if (model.clock.offsetMs !== 0 || model.clock.isFrozen) {
    headers.Date = new Date(model.clock.nowMs()).toUTCString()
  }
  response.writeHead(reply.status, headers)
  response.end(reply.body)
}

interface Logged {
  call: ApiCall
  path: string
  queryText: string
  reply: Reply | undefined
  faults: readonly Fault[]
  tookMs: number
}

function writeLog({ call, path, queryText, reply, faults, tookMs }: Logged): void {
  call.model.log.add({
    kind: 'api',
    atMs: call.nowMs,
    tookMs: Math.round(tookMs * 1000) / 1000,
    rid: call.rid(),
    method: call.method,
    path,
    query: redactQuery(queryText),
    appid: appidOf(call),
    clientIp: call.clientIp(),
    requestBody: redactSecrets(call.rawBody),
    status: reply?.status ?? 0,
    responseBody: reply ? redactSecrets(reply.body) : '',
    errcode: reply?.errcode,
    why: reply?.why,
    faults: faults.length === 0 ? undefined : faults.map(({ kind }) => kind),
  })
}
