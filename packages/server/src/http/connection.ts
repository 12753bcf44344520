/** What the host of the handler knows about a request beside the request itself. */
export interface Connection {
  /** Address of the peer: the client's, or that of the last proxy. */
  ip?: string | undefined
  /** As `@hono/node-server` hands it over, so that its listener can be given our handler as it is. */
  incoming?: { socket?: { remoteAddress?: string | undefined } | undefined } | undefined
}

/** The peer's address, with an IPv4 address in its own form also where the socket speaks IPv6. */
export function peerAddress({ ip, incoming }: Connection): string | undefined {
  const address = ip ?? incoming?.socket?.remoteAddress
  return address?.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}
