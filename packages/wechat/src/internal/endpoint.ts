import type { EndpointFamily } from '../errors/index.ts'

/** What the SDK must know about a call of WeChat's to make it with care. */
export interface Endpoint {
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly family: EndpointFamily
  /** Whether making the call twice does the same as making it once. */
  readonly repeatable: boolean
  /** Whether the call spends a code that works once. */
  readonly singleUse: boolean
}

/** Values of a query. */
export type Query = Readonly<Record<string, string | number | boolean>>

/** The parameters of one call. */
export interface CallInput {
  readonly query?: Query | undefined
  readonly body?: object | undefined
  /** A body that is no JSON, in place of `body`. */
  readonly encoded?: EncodedBody | undefined
  /** Whether the answer is a file. */
  readonly wantsBytes?: boolean | undefined
}

/** A body as it goes on the wire, of a length that is known. */
export interface EncodedBody {
  readonly body: Uint8Array<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

/** An answer of WeChat's: a JSON object, any fields. */
export type Answer = Record<string, unknown>

/** Defines a call of the SDK's own; by default it can be repeated and spends nothing. */
export function endpoint(
  method: Endpoint['method'],
  path: string,
  traits: Partial<Pick<Endpoint, 'family' | 'repeatable' | 'singleUse'>> = {},
): Endpoint {
  return { method, path, family: 'other', repeatable: true, singleUse: false, ...traits }
}

/** Encodes a query, without a leading `?`. */
export function encodeQuery(query: Query): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}

/** A call of the SDK's own: what goes to WeChat, and what is made of the answer. */
export interface ApiCall<Input, Result> {
  readonly endpoint: Endpoint
  readonly request: (input: Input, appid: string | undefined) => CallInput | Promise<CallInput>
  readonly result: (answer: Answer) => Result
}

/** The fields of an answer that are not read here, so that what WeChat adds is not lost. */
export function otherFields(answer: Answer, read: readonly string[]): Answer {
  const taken = new Set(['errcode', 'errmsg', ...read])
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !taken.has(name)))
}
