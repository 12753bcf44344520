/** One HTTP exchange, already complete: the transport adds nothing to it but bytes. */
export interface TransportRequest {
  /** Scheme, host and port: `https://api.weixin.qq.com`. */
  readonly origin: string
  /** Path with its query. It carries secrets: never log it, never put it into an error. */
  readonly path: string
  readonly method: 'GET' | 'POST'
  /**
   * A string or bytes, so that the request carries a `Content-Length`. WeChat answers a chunked body with an empty 412.
   *
   * @see https://developers.weixin.qq.com/community/develop/doc/000a08cb9705a05965919300b61800
   */
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined
  /** Lower-case names. `content-type: application/json` is the transport's when there is a body and none is named. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Time for the whole exchange, in milliseconds, waiting for a connection included. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Asks for {@link TransportResponse.bytes} in place of the text. */
  readonly wantsBytes?: boolean | undefined
}

/** What came back, with `content-encoding` undone. */
export interface TransportResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The text, without a byte-order mark; empty when bytes were asked for. */
  readonly body: string
  /** What came, when the request {@link TransportRequest.wantsBytes}. */
  readonly bytes?: Uint8Array | undefined
}

/**
 * How the SDK reaches a host. `request` resolves with any HTTP status, redirects included: it never follows one. It
 * rejects with a {@link WxTransportError}, whose `requestSent` must be `false` only when no byte of the request can
 * have reached the host: on this rests whether a single-use code may be sent again. Any other rejection is taken
 * as "sent".
 */
export interface Transport {
  request(request: TransportRequest): Promise<TransportResponse>
  /** Lets calls in flight finish and lets go of connections. A client calls it only on a transport of its own making. */
  close?(): Promise<void>
}
