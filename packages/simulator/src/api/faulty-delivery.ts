import type { ServerResponse } from 'node:http'
import type { Fault } from '../model/faults.ts'
import { text } from '../text.ts'
import { refuse } from './answer.ts'
import { appidOf } from './appid-of.ts'
import type { ApiCall } from './endpoint.ts'
import { type Reply, replyOf } from './reply.ts'

const GARBAGE =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>'

/** What is done with a call on which faults have fallen. */
export interface Delivery {
  call: ApiCall
  faults: readonly Fault[]
  response: ServerResponse
  /** Carries the call out. */
  carryOut: (call: ApiCall) => Reply
  send: (response: ServerResponse, reply: Reply) => void
  /** Called once with the reply that was made, or `undefined` when there was none. */
  done: (reply: Reply | undefined) => void
}

/** Carries a call out and delivers its reply, or less, as the faults say. */
export function deliverWithFaults(delivery: Delivery): void {
  const waitMs = Math.max(0, ...delivery.faults.map((fault) => fault.latencyMs ?? 0))
  if (waitMs === 0) deliver(delivery)
  else setTimeout(() => deliver(delivery), waitMs).unref()
}

function deliver({ call, faults, response, carryOut, send, done }: Delivery): void {
  const find = (kind: Fault['kind']) => faults.find((fault) => fault.kind === kind)
  const hangUp = find('refused')
    ? () => response.socket?.resetAndDestroy()
    : find('drop-before') && (() => response.socket?.destroy())
  if (hangUp) {
    hangUp()
    done(undefined)
    return
  }
  if (find('token-replaced')) replaceToken(call)
  call.nowMs += find('clock-skew')?.skewMs ?? 0

  const instead = find('garbage') ?? find('errcode')
  const carriedOut = instead && !instead.spend ? undefined : carryOut(call)
  const reply = (instead && replyInstead(call, instead)) ?? carriedOut
  done(reply)
  if (!reply || find('drop-after')) response.socket?.destroy()
  else if (find('half-body')) sendHalf(response, reply)
  else send(response, reply)
}

function replaceToken(call: ApiCall): void {
  const { accessTokens } = call.model
  const accessToken = call.query.get('access_token')
  const token = accessToken === null ? undefined : accessTokens.find(accessToken)
  const appid = token?.appid ?? appidOf(call)
  if (appid !== undefined) accessTokens.replace(appid, token?.kind ?? 'stable', true)
}

function replyInstead(call: ApiCall, { kind, errcode = -1, status = 502 }: Fault): Reply {
  if (kind === 'errcode') return replyOf(call, refuse(errcode, text('故障注入', 'a fault was injected')))
  return { status, headers: { 'Content-Type': 'text/html' }, body: GARBAGE, errcode: 0, why: undefined }
}

function sendHalf(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body)
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': String(body.length) })
  response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy())
}
