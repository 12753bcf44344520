import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve as serveNode } from '@hono/node-server'
import { createHaoma, type Haoma } from './create-haoma.ts'
import { defaults, type ServeOptions } from './options.ts'

export interface RunningHaoma {
  /** Where it listens, for a program on this machine. */
  url: string
  port: number
  /** Takes no new connections, lets running requests end, and closes everything. A second call waits for the first. */
  close(): Promise<void>
  /** Longest time that {@link RunningHaoma.close} takes, in milliseconds, unless the database does not answer. */
  stopWithinMs: number
}

/** The port is taken by another program. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError'
  readonly port: number

  constructor(port: number) {
    super(
      `端口 ${port} 已被占用：请停止占用它的程序，或用 HAOMA_PORT 换一个端口。 / ` +
        `Port ${port} is in use. Stop the program that has it, or choose another with HAOMA_PORT.`,
    )
    this.port = port
  }
}

/**
 * Runs the login service alone.
 *
 * @throws {PortInUseError}
 */
export async function serve({
  port = defaults.port,
  hostname,
  ...options
}: ServeOptions = {}): Promise<RunningHaoma> {
  const haoma = await createHaoma(options)
  try {
    const server = await listen(haoma, { port, ...(hostname !== undefined && { hostname }) })
    const address = server.address() as AddressInfo
    let closing: Promise<void> | undefined
    return {
      url: `http://${reachable(address.address)}:${address.port}`,
      port: address.port,
      stopWithinMs: haoma.stopWithinMs,
      close: () => {
        closing ??= stop(server, haoma)
        return closing
      },
    }
  } catch (error) {
    await haoma.close()
    throw error
  }
}

/** An answer that was given has so long to reach its client. */
const LAST_WORDS_MS = 500

async function stop(server: Server, haoma: Haoma): Promise<void> {
  const disconnected = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await haoma.close()
  // What still holds a connection is a stream that has no end, or a client that does not read its answer.
  const limit = setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS)
  await disconnected
  clearTimeout(limit)
}

function listen(haoma: Haoma, { port, hostname }: { port: number; hostname?: string }): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serveNode({ fetch: haoma.fetch, port, ...(hostname && { hostname }) }, () => {
      server.off('error', refuse)
      resolve(server)
    }) as Server
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port) : error)
    server.once('error', refuse)
  })
}

function reachable(address: string): string {
  if (address === '::' || address === '0.0.0.0') return '127.0.0.1'
  return address.includes(':') ? `[${address}]` : address
}
