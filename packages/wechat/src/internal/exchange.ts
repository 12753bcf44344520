import type { Clock } from '../clock.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Hosts } from '../transport/hosts.ts'
import { type Answer, type CallInput, type Endpoint, encodeQuery } from './endpoint.ts'
import { readAnswer } from './read-answer.ts'
import { readBinary } from './read-binary.ts'
import type { Wait } from './wait.ts'

/** What the calls of one client have in common. */
export interface CallerDeps {
  readonly hosts: Hosts
  readonly clock: Clock
  readonly random: () => number
  readonly telemetry: Telemetry
  /** Time for a call when it names none. */
  readonly timeoutMs: number
}

/** The access token as a call needs it. */
export interface CallToken {
  readonly value: string
  /** `access_token=…` */
  readonly query: string
}

/** One request on the wire. */
export interface Attempt {
  readonly endpoint: Endpoint
  readonly input: CallInput
  readonly token: CallToken | undefined
  readonly wait: Wait
}

/** Makes one request as it is. */
export async function plainExchange(
  { endpoint, input, token, wait }: Attempt,
  { hosts }: CallerDeps,
): Promise<Answer> {
  const { encoded, wantsBytes } = input
  const response = await hosts.send({
    path: pathOf(endpoint.path, token?.query, input.query),
    method: endpoint.method,
    body: encoded?.body ?? (endpoint.method === 'POST' ? JSON.stringify(input.body ?? {}) : undefined),
    headers: encoded?.headers,
    deadlineAtMs: wait.deadlineAtMs,
    signal: wait.signal,
    wantsBytes,
  })
  return wantsBytes === true ? readBinary(response, endpoint) : readAnswer(response, endpoint)
}

/** The path with its query: the token first, as it is encoded already. */
export function pathOf(path: string, tokenQuery: string | undefined, query: CallInput['query']): string {
  const rest = query === undefined ? '' : encodeQuery(query)
  const all = tokenQuery === undefined ? rest : rest === '' ? tokenQuery : `${tokenQuery}&${rest}`
  return all === '' ? path : `${path}?${all}`
}
