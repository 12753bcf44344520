import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve as serveNode } from '@hono/node-server'
import type { Administrators } from './admin/administrators.ts'
import { createHaoma, type Haoma } from './create-haoma.ts'
import { defaults, type ServeOptions } from './options.ts'

export interface RunningHaoma {
  /** Where it listens, for a program on this machine. */
  url: string
  port: number
  /** Where `/admin` and `/console` are, for a program on this machine. */
  adminUrl: string
  /** Who may administer it. */
  administrators: Administrators
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
  adminListen,
  ...options
}: ServeOptions = {}): Promise<RunningHaoma> {
  // Where it listens is told to administrators, who look at what the service runs with.
  const listening = { port, ...(adminListen && { adminListen }) }
  const admin = adminListen ? { ...options.admin, isApart: true } : options.admin
  const haoma = await createHaoma({ ...options, ...listening, ...(admin && { admin }) })
  const servers: Server[] = []
  try {
    const server = await listen(haoma.fetch, { port, ...(hostname !== undefined && { hostname }) })
    servers.push(server)
    if (adminListen) servers.push(await listen(haoma.adminFetch, adminListen))
    const { port: boundPort } = addressOf(server)
    let closing: Promise<void> | undefined
    return {
      url: urlOf(server),
      adminUrl: urlOf(servers.at(-1) ?? server),
      administrators: haoma.administrators,
      port: boundPort,
      stopWithinMs: haoma.stopWithinMs,
      close: () => {
        closing ??= stop(servers, haoma)
        return closing
      },
    }
  } catch (error) {
    await stop(servers, haoma)
    throw error
  }
}

/** An answer that was given has so long to reach its client. */
const LAST_WORDS_MS = 500

async function stop(servers: readonly Server[], haoma: Haoma): Promise<void> {
  const disconnected = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
  for (const server of servers) server.closeIdleConnections()
  await haoma.close()
  // What still holds a connection is a stream that has no end, or a client that does not read its answer.
  const limit = setTimeout(() => {
    for (const server of servers) server.closeAllConnections()
  }, LAST_WORDS_MS)
  await Promise.all(disconnected)
  clearTimeout(limit)
}

function listen(
  fetch: Haoma['fetch'],
  { port, hostname }: { port: number; hostname?: string },
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serveNode({ fetch, port, ...(hostname && { hostname }) }, () => {
      server.off('error', refuse)
      resolve(server)
    }) as Server
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port) : error)
    server.once('error', refuse)
  })
}

const addressOf = (server: Server) => server.address() as AddressInfo

function urlOf(server: Server): string {
  const { address, port } = addressOf(server)
  return `http://${reachable(address)}:${port}`
}

function reachable(address: string): string {
  if (address === '::' || address === '0.0.0.0') return '127.0.0.1'
  return address.includes(':') ? `[${address}]` : address
}
