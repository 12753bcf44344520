import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { SimulatorError } from '../errors.ts'
import type { Certificate } from './certificate.ts'

export interface Listener {
  port: number
  /** Ends every connection and frees the port. */
  close(): Promise<void>
  /**
   * Closes the port and ends every connection but one, so that new ones are refused until `open` is called. Both
   * hold as soon as this returns; the promise waits for the spared connection too.
   */
  shut(spared?: Socket): Promise<void>
  /** Opens the port again, when it is closed. */
  open(): Promise<void>
}

/** A request that has not come in whole by then is cut off. */
const REQUEST_TIMEOUT_MS = 30_000

/** Opens an HTTP or, with a certificate, HTTPS server. */
export async function listen(
  handler: RequestListener,
  address: { host: string; port: number },
  certificate?: Certificate,
): Promise<Listener> {
  let { port } = address
  let server: Server | undefined
  const sockets = new Set<Socket>()
  const secured = certificate ? 'secureConnection' : 'connection'

  const open = async () => {
    if (server) return
    const opened: Server = certificate ? createTlsServer(certificate, handler) : createServer(handler)
    opened.keepAliveTimeout = 65_000
    opened.requestTimeout = REQUEST_TIMEOUT_MS
    opened.on('clientError', (_error, socket) => {
      if (socket.writable)
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
    opened.on(secured, (socket: Socket) => {
      // A handshake that ends after the port was closed.
      if (server !== opened) socket.destroy()
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    server = opened
    await new Promise<void>((resolve, reject) => {
      opened.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, port)))
      opened.listen(port, address.host, resolve)
    })
    port = (opened.address() as AddressInfo).port
  }
  const shut = async (spared?: Socket) => {
    const closing = server
    server = undefined
    const closed = new Promise<void>((resolve) => (closing ? closing.close(() => resolve()) : resolve()))
    for (const socket of sockets) if (socket !== spared) socket.destroy()
    await closed
  }
  await open()
  return { port, close: () => shut(), shut, open }
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error
  return new SimulatorError(409, 'PORT_TAKEN', {
    zh: `端口 ${port} 已被占用：换一个 port，或用 0 由系统选择。`,
    en: `Port ${port} is taken. Give another one, or 0 to let the system choose.`,
  })
}
